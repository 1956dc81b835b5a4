import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, open, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheFolder } from '../../../scripts/engines/binaries.ts';
import { type RunOptions, run, runOk } from './run.ts';

/** A Docker engine of the test's own: what stands in for images that cannot be pulled must not reach another one. */
export interface DockerEngine {
  /** Runs `docker ARGS`, answers stdout; rejects with the end of the output when it fails. */
  docker(args: readonly string[], options?: RunOptions): Promise<string>;
  /** For programs that talk to the engine. */
  env: NodeJS.ProcessEnv;
  stop(): Promise<void>;
}

const START_MS = 60_000;
const STOP_MS = 60_000;

/**
 * Starts `dockerd` on a socket of its own, with `compose` as the CLI's plugin of that name. Images are kept in the cache
 * folder between runs. Throws with what to install when it cannot be had.
 */
export async function startDockerEngine(composeBinary: string): Promise<DockerEngine> {
  if (process.getuid?.() !== 0) throw new Error('dockerd needs root: run this suite as root.');
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-docker-'));
  const socket = `unix://${join(folder, 'docker.sock')}`;
  const root = join(cacheFolder(), '../docker');
  await mkdir(join(folder, 'config/cli-plugins'), { recursive: true });
  await symlink(composeBinary, join(folder, 'config/cli-plugins/docker-compose'));
  const log = await open(join(folder, 'dockerd.log'), 'w');
  const places = ['--data-root', root, '--exec-root', join(folder, 'exec'), '--pidfile', join(folder, 'pid')];
  const daemon = spawn('dockerd', ['--host', socket, ...places], { stdio: ['ignore', log.fd, log.fd] });
  const ended = new Promise<string>((resolve) => {
    daemon.once('error', ({ message }) =>
      resolve(`${message}. Install Docker: apt-get install docker.io iptables`),
    );
    daemon.once('exit', (code) => resolve(`dockerd ended with ${code}`));
  });
  // No builder of another project, and the classic one: it needs no further image.
  const env = { DOCKER_HOST: socket, DOCKER_CONFIG: join(folder, 'config'), DOCKER_BUILDKIT: '0' };
  const engine: DockerEngine = {
    env,
    docker: (args, options = {}) => runOk('docker', args, { ...options, env: { ...env, ...options.env } }),
    async stop() {
      daemon.kill('SIGTERM');
      await Promise.race([ended, sleep(STOP_MS, undefined, { ref: false })]);
      await log.close();
      // The daemon leaves this mounted.
      await run('umount', [join(folder, 'exec/netns/default')]);
      await rm(folder, { recursive: true, force: true });
    },
  };
  const failure = await Promise.race([waitUntilUp(env), ended]);
  if (failure === null) return engine;
  const lines = await readFile(join(folder, 'dockerd.log'), 'utf8');
  await engine.stop();
  throw new Error(`No Docker engine: ${failure}\n${lines.slice(-2000)}`);
}

async function waitUntilUp(env: NodeJS.ProcessEnv): Promise<string | null> {
  for (let waitedMs = 0; waitedMs < START_MS; waitedMs += 500) {
    if ((await run('docker', ['info'], { env })).code === 0) return null;
    await sleep(500);
  }
  return `it was not up after ${START_MS / 1000} s`;
}
