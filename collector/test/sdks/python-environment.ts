import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
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
  if (!(await exists(folder))) await install(folder);
  return join(folder, 'bin/python');
}

/** Made aside and moved when complete: test files run at the same time, and a run may be stopped half-way. */
async function install(folder: string): Promise<void> {
  await mkdir(cache, { recursive: true });
  const draft = await mkdtemp(join(cache, 'draft-'));
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements];
  try {
    await run('python3', ['-m', 'venv', draft], { timeout: installTimeoutMs });
    await run(join(draft, 'bin/python'), pip, { timeout: installTimeoutMs });
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Another test file was faster.
    if (!(await exists(folder))) throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
