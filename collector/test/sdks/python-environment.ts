import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const requirements = join(import.meta.dirname, 'python/requirements.txt');
const cache = join(import.meta.dirname, '../../../.cache/sdks');
const installTimeoutMs = 300_000;

/**
 * The path of a Python that has python/requirements.txt installed: an environment under .cache, made when the
 * requirements are new and kept for the next run. Throws when python3 is missing or a package cannot be had.
 */
export async function preparePython(): Promise<string> {
  const hash = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex');
  const folder = join(cache, `python-${hash.slice(0, 16)}`);
  const python = join(folder, 'bin/python');
  const complete = join(folder, 'complete');
  if (await exists(complete)) return python;

  await rm(folder, { recursive: true, force: true });
  await mkdir(cache, { recursive: true });
  await run('python3', ['-m', 'venv', folder], { timeout: installTimeoutMs });
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements];
  await run(python, install, { timeout: installTimeoutMs });
  await writeFile(complete, '');
  return python;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
