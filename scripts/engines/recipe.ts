import { createHash } from 'node:crypto';
import type { Program } from './programs.ts';

/** As much of the answer of `go mod edit -json` as is needed here. */
export interface GoMod {
  Go?: string;
  Exclude?: { Path: string; Version: string }[] | null;
  Replace?: { Old: ModuleVersion; New: ModuleVersion }[] | null;
}

interface ModuleVersion {
  Path: string;
  Version?: string;
}

/** Raise it when the way of building changes, so that what was built before is built again. */
const METHOD = 1;

/** Tells what a binary was built from: any change of the program's entry or of the method gives another. */
export function recipeKey(program: Program, method = METHOD): string {
  return createHash('sha256')
    .update(JSON.stringify([method, program]))
    .digest('hex')
    .slice(0, 16);
}

/**
 * The go.mod of a module whose only content is that it requires the program. Go heeds `replace` and `exclude`
 * in the main module alone, so the program's own are repeated here; those that point at a folder are left out,
 * because module archives don't carry nested modules.
 */
export function scratchGoMod(program: Program, own: GoMod, copiedTo?: string): string {
  const replaces = (own.Replace ?? []).filter(({ New }) => !isFolder(New));
  return [
    `module signalbox-engines/${program.name}`,
    `go ${own.Go ?? '1.17'}`,
    `require ${program.module} ${program.version}`,
    ...(own.Exclude ?? []).map(({ Path, Version }) => `exclude ${Path} ${Version}`),
    ...replaces.map(({ Old, New }) => `replace ${written(Old)} => ${written(New)}`),
    ...(copiedTo === undefined ? [] : [`replace ${program.module} => ${copiedTo}`]),
    '',
  ].join('\n');
}

/** In a go.mod only a module has a version; what has none is a folder. */
function isFolder({ Version }: ModuleVersion): boolean {
  return Version === undefined;
}

function written({ Path, Version }: ModuleVersion): string {
  return Version === undefined ? Path : `${Path} ${Version}`;
}

/**
 * The arguments of `go` that build one binary of the program into the file `output`; for a generated program they
 * are for the folder that was generated.
 */
export function buildArguments(program: Program, binary: string, output: string): string[] {
  const variables = Object.entries(program.variables ?? {}).map(([name, value]) => `-X ${name}=${value}`);
  const flags = ['-s', '-w', ...(program.linkerFlags ?? []), ...variables].join(' ');
  const isGenerated = program.manifest !== undefined;
  const packagePath = isGenerated
    ? program.binaries[binary]!
    : `${program.module}/${program.binaries[binary]}`;
  return ['build', '-v', '-mod=mod', '-buildvcs=false', '-ldflags', flags, '-o', output, packagePath];
}

/** Where a generator puts the program, below the scratch module; its manifest says so too. */
export const GENERATED_FOLDER = 'generated';

/** The arguments of `go` that run the program's module, a generator, on the file `manifest`. */
export function generateArguments(program: Program, manifest: string): string[] {
  return ['run', '-mod=mod', program.module, '--config', manifest, '--skip-compilation'];
}

/** Whether Go of one version, as in 1.26.8, can build what asks for another; release candidates count as the release. */
export function isNewEnough(version: string, wanted: string): boolean {
  const [have, want] = [version, wanted].map((text) => text.split(/\D+/).map(Number));
  for (const [place, least] of (want ?? []).entries()) {
    const number = have?.[place] ?? 0;
    if (number !== least) return number > least;
  }
  return true;
}
