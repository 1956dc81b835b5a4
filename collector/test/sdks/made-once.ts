import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

const CACHE = join(import.meta.dirname, '../../../.cache/sdks');
const MAKE_TIMEOUT_MS = 900_000;
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** What has to be made before a program of another language can run, as an installed environment or a binary. */
export interface Making {
  /** Names its folder, together with what the inputs hold. */
  name: string;
  /** Paths of files, or of folders with everything inside; when one changes, it is made anew. */
  inputs: readonly string[];
  /** Fills an empty folder, which is moved to another path afterwards. */
  make(folder: string): Promise<void>;
  /** Where the folders are; .cache/sdks unless told. */
  cache?: string;
}

/** The folder of what was made: at most once for each version, and kept for the next run. Throws when it cannot be made. */
export async function madeOnce({ name, inputs, make, cache = CACHE }: Making): Promise<string> {
  const folder = join(cache, `${name}-${(await hashOf(inputs)).slice(0, 16)}`);
  if (await exists(folder)) return folder;
  await mkdir(cache, { recursive: true });
  // Made aside and moved when complete: test files run at the same time, and a run may be stopped half-way.
  const draft = await mkdtemp(join(cache, `draft-${name}-`));
  try {
    await make(draft);
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Another test file was faster.
    if (!(await exists(folder))) throw error;
  }
  return folder;
}

/** Runs a tool to its end. Throws with what it printed, or with `advice` when there is no such tool. */
export async function runTool(
  [file, ...args]: readonly [string, ...string[]],
  { advice, cwd }: { advice: string; cwd?: string },
): Promise<void> {
  try {
    await execute(file, args, { cwd, timeout: MAKE_TIMEOUT_MS, maxBuffer: MAX_OUTPUT_BYTES });
  } catch (error) {
    const { code, stdout, stderr } = error as { code?: unknown; stdout: string; stderr: string };
    if (code === 'ENOENT') throw new Error(`${file} is missing: ${advice}`);
    throw new Error(`${file} ${args.join(' ')} failed:\n${stdout}${stderr}`);
  }
}

async function hashOf(inputs: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const path of (await Promise.all(inputs.map(filesOf))).flat()) hash.update(await readFile(path));
  return hash.digest('hex');
}

async function filesOf(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOTDIR') return undefined;
      throw error;
    },
  );
  if (entries === undefined) return [path];
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
