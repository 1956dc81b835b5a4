import { join } from 'node:path';
import { madeOnce, runTool } from './made-once.ts';

const requirements = join(import.meta.dirname, 'python/requirements.txt');
const advice = 'install Python 3.10 or newer with venv and pip';

/** The path of a Python that has python/requirements.txt installed. Throws when it or a package cannot be had. */
export async function preparePython(): Promise<string> {
  const folder = await madeOnce({ name: 'python', inputs: [requirements], make: install });
  return join(folder, 'bin/python');
}

async function install(folder: string): Promise<void> {
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements];
  await runTool(['python3', '-m', 'venv', folder], { advice });
  await runTool([join(folder, 'bin/python'), ...pip], { advice });
}
