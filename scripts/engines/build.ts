import { chmod, cp, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { programFolder, RECIPE_FILE } from './binaries.ts';
import { type GoOptions, runGo } from './go.ts';
import type { Program } from './programs.ts';
import {
  buildArguments,
  GENERATED_FOLDER,
  type GoMod,
  generateArguments,
  recipeKey,
  scratchGoMod,
} from './recipe.ts';

const STAGING = '.building-';

/** A program's module on this machine. */
export interface Source {
  program: Program;
  /** Its folder in Go's module cache, which is read-only. */
  folder: string;
  goMod: GoMod;
}

/** Fetches the program's module, unless Go has it already, and reads its go.mod. */
export async function fetchSource(program: Program, options: GoOptions): Promise<Source> {
  const downloaded = await runGo(
    ['mod', 'download', '-json', `${program.module}@${program.version}`],
    options,
  );
  const { Dir, GoMod: file } = JSON.parse(downloaded) as { Dir: string; GoMod: string };
  const goMod = JSON.parse(await runGo(['mod', 'edit', '-json', file], options)) as GoMod;
  return { program, folder: Dir, goMod };
}

/**
 * Builds all binaries of a program into its folder of the cache. They appear there together and whole, by a
 * rename, or not at all. `options.cwd` is the cache.
 */
export async function buildProgram(source: Source, options: GoOptions): Promise<void> {
  const { program } = source;
  const cache = options.cwd;
  const staging = join(cache, `${STAGING}${program.name}-${process.pid}`);
  const output = join(staging, 'output');
  const scratch = join(staging, 'scratch');
  try {
    await mkdir(output, { recursive: true });
    await writeScratch(source, scratch);
    const cwd = await generate(program, { ...options, cwd: scratch });
    for (const binary of Object.keys(program.binaries)) {
      await runGo(buildArguments(program, binary, join(output, binary)), { ...options, cwd });
    }
    await writeFile(join(output, RECIPE_FILE), `${recipeKey(program)}\n`);
    const folder = programFolder(program, cache);
    await rename(folder, join(staging, 'replaced')).catch(ignoreMissing);
    await rename(output, folder);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** Where the binaries are built: the scratch module, or what the program's generator puts below it. */
async function generate(program: Program, options: GoOptions): Promise<string> {
  if (program.manifest === undefined) return options.cwd;
  const file = join(options.cwd, 'manifest.yaml');
  await writeFile(file, program.manifest);
  await runGo(generateArguments(program, file), options);
  return join(options.cwd, GENERATED_FOLDER);
}

/** Removes from the cache what runs left behind that were killed. */
export async function removeLeftovers(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    if (!name.startsWith(STAGING) || isAlive(Number(name.split('-').at(-1)))) continue;
    await rm(join(cache, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function writeScratch({ program, folder, goMod }: Source, scratch: string): Promise<void> {
  const copy = program.additions ? './module' : undefined;
  await mkdir(scratch, { recursive: true });
  await writeFile(join(scratch, 'go.mod'), scratchGoMod(program, goMod, copy));
  await cp(join(folder, 'go.sum'), join(scratch, 'go.sum'));
  await chmod(join(scratch, 'go.sum'), 0o644);
  if (copy === undefined) return;
  await copyWritable(folder, join(scratch, copy));
  for (const [added, content] of Object.entries(program.additions ?? {})) {
    const path = join(scratch, copy, added);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
}

/** Copies a folder; what Go keeps in its cache is read-only, which a plain copy would keep. */
export async function copyWritable(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await copyWritable(source, target);
    else {
      await cp(source, target);
      await chmod(target, 0o644);
    }
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
