import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DockerEngine } from './docker-engine.ts';
import { runOk } from './run.ts';

/** An image that cannot be pulled here, made of a folder. */
export interface RootImage {
  /** `prom/prometheus:v3.16.0` */
  name: string;
  /** Changes whenever what `fill` makes does. */
  key: string;
  /** Lines of a Dockerfile: USER, ENTRYPOINT, CMD, ENV. */
  settings: readonly string[];
  /** Puts the image's files into `root`, with their owners. */
  fill(root: string): Promise<void>;
}

const LABEL = 'signalbox.test.key';

/** Makes the image unless the engine has it from an earlier run. Answers whether it was made. */
export async function ensureImage({ docker, env }: DockerEngine, image: RootImage): Promise<boolean> {
  const key = createHash('sha256')
    .update(JSON.stringify([image.key, image.settings]))
    .digest('hex');
  const format = `{{index .Config.Labels "${LABEL}"}}`;
  const has = await docker(['image', 'inspect', '--format', format, image.name]).catch(() => '');
  if (has.trim() === key) return false;
  const root = await mkdtemp(join(tmpdir(), 'signalbox-image-'));
  try {
    await image.fill(root);
    const changes = [...image.settings, `LABEL ${LABEL}=${key}`].map((line) => `--change='${line}'`);
    // The owners of files survive in the archive.
    const script = `tar --numeric-owner -C '${root}' -c . | docker import ${changes.join(' ')} - '${image.name}'`;
    await runOk('bash', ['-o', 'pipefail', '-c', script], { env });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
  return true;
}
