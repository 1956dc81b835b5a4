import { accessSync, constants, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type BinaryName, PROGRAMS, type Program } from './programs.ts';
import { recipeKey } from './recipe.ts';

/** In each program's folder: the key of the recipe that its binaries were built by. */
export const RECIPE_FILE = 'recipe';

/** Where built engines are kept: outside the checkout, so that all checkouts and `git clean` share them. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return env.SIGNALBOX_ENGINES_DIR || join(homedir(), '.cache', 'signalbox', 'engines');
}

/** The folder of one program in the cache. */
export function programFolder(program: Program, cache: string): string {
  return join(cache, `${program.name}-${program.version}`);
}

/** Whether all binaries of the program are there, built by the recipe of today. */
export function isBuilt(program: Program, cache: string): boolean {
  const folder = programFolder(program, cache);
  const binaries = Object.keys(program.binaries);
  return hasRecipe(program, folder) && binaries.every((binary) => isExecutable(join(folder, binary)));
}

function hasRecipe(program: Program, folder: string): boolean {
  try {
    return readFileSync(join(folder, RECIPE_FILE), 'utf8').trim() === recipeKey(program);
  } catch {
    return false;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Where one engine's binary is: the file that SIGNALBOX_TEST_<NAME> names, else the one in the cache.
 * Throws when it is not there.
 */
export function engineBinary(name: BinaryName, env: NodeJS.ProcessEnv = process.env): string {
  const variable = `SIGNALBOX_TEST_${name.toUpperCase().replaceAll('-', '_')}`;
  const named = env[variable];
  if (named) {
    if (isExecutable(named)) return named;
    throw new Error(`${variable} names ${named}, which is no file that can be run`);
  }
  const program = PROGRAMS.find(({ binaries }) => name in binaries)!;
  const folder = programFolder(program, cacheFolder(env));
  const path = join(folder, name);
  const isThere = isExecutable(path);
  if (isThere && hasRecipe(program, folder)) return path;
  const state = isThere ? 'was built by an older recipe' : 'is missing';
  throw new Error(`${path} ${state}: run npm run engines, or name a binary in ${variable}`);
}

/** Where the binaries of all engines are. Throws when one is not there, with what to do. */
export function engineBinaries(env: NodeJS.ProcessEnv = process.env): Record<BinaryName, string> {
  const names = PROGRAMS.flatMap(({ binaries }) => Object.keys(binaries)) as BinaryName[];
  return Object.fromEntries(names.map((name) => [name, engineBinary(name, env)])) as Record<
    BinaryName,
    string
  >;
}
