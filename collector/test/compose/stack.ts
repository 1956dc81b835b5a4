import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { engineBinaries } from '../../../scripts/engines/binaries.ts';
import { type DockerEngine, startDockerEngine } from './docker-engine.ts';
import { engineImages } from './engine-images.ts';
import { nodeImage } from './node-image.ts';
import { ensureImage } from './root-image.ts';

export const ROOT = join(import.meta.dirname, '../../..');
const OVERRIDE = 'collector/test/compose/stand-ins.yml';
/** Not the default ones, which something on this machine may have. */
export const PORTS = {
  STACK_OTLP_GRPC_PORT: '24317',
  STACK_OTLP_HTTP_PORT: '24318',
  STACK_CONSOLE_PORT: '28080',
  STACK_GRAFANA_PORT: '23000',
};

/** The repository's stack in a Docker engine of the test's own. */
export interface Stack {
  docker: DockerEngine['docker'];
  /** Runs `docker compose ARGS` on docker-compose.yml and the one override; answers stdout. */
  compose(...args: string[]): Promise<string>;
  /** Ends the stack, its volumes and the engine. */
  remove(): Promise<void>;
}

/** Makes the images that cannot be pulled, and builds the collector's with its own Dockerfile. Says what it does. */
export async function prepareStack(say: (line: string) => void): Promise<Stack> {
  const binaries = engineBinaries();
  const engine = await startDockerEngine(binaries['docker-compose']);
  const { docker, env } = engine;
  try {
    const file = parse(await readFile(join(ROOT, 'docker-compose.yml'), 'utf8'), { merge: true }) as {
      services: Record<string, { image: string }>;
    };
    const names = Object.fromEntries(Object.entries(file.services).map(([name, { image }]) => [name, image]));
    for (const image of [...(await engineImages(names, binaries)), await nodeImage(await nodeBase())]) {
      say(`${image.name}: ${(await ensureImage(engine, image)) ? 'made' : 'kept'}`);
    }
    const target = ['--target', 'collector', '--tag', names.collector!];
    const build = ['build', '--network', 'host', '--file', 'collector/Dockerfile', ...target, '.'];
    await docker(build, { cwd: ROOT, timeoutMs: 20 * 60_000 });
    say(`${names.collector}: built`);
  } catch (error) {
    await engine.stop();
    throw error;
  }
  // A .env of whoever runs this is not part of the test.
  const files = ['--env-file', '/dev/null', '-f', 'docker-compose.yml', '-f', OVERRIDE];
  const compose = (...args: string[]) =>
    docker(['compose', ...files, ...args], { cwd: ROOT, env: { ...env, ...PORTS } });
  const down = ['--profile', '*', 'down', '--volumes', '--timeout', '60'];
  // What a run left that was killed.
  await compose(...down);
  return {
    docker,
    compose,
    async remove() {
      await compose(...down).catch((error: Error) => say(error.message));
      // What earlier builds left; that of today makes the next one quick.
      await docker(['image', 'prune', '--force', '--filter', 'until=24h']).catch(() => '');
      await engine.stop();
    },
  };
}

/** The image that collector/Dockerfile begins with. */
async function nodeBase(): Promise<string> {
  const text = await readFile(join(ROOT, 'collector/Dockerfile'), 'utf8');
  const name = /^FROM (node:\S+)/m.exec(text)?.[1];
  if (name === undefined) throw new Error('collector/Dockerfile does not begin with an image of Node');
  return name;
}
