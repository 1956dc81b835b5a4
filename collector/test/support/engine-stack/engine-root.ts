import { spawnSync } from 'node:child_process';
import { chmod, chown, copyFile, cp, link, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { engineBinary } from '../../../../scripts/engines/binaries.ts';
import { composeService, REPOSITORY } from './compose-service.ts';
import { ENGINES, type EngineName, HOST_NAMES } from './engine-facts.ts';

/** A folder that an engine sees as `/`: its program, the repository's files where the container has them, its data. */
export interface EngineRoot {
  name: EngineName;
  rootDir: string;
  /** The command that starts the engine in there, and its environment. */
  command: string[];
  environment: Record<string, string>;
  stopGraceMs: number;
  /** Runs another program in there as the engine's user until it ends; `program` is a path in the folder. */
  run(program: string, args: readonly string[]): { status: number | null; output: string };
  /** Puts a file of this machine in there, executable for the engine. */
  addProgram(from: string, to: string): Promise<void>;
  remove(): Promise<void>;
}

export interface EngineRootOptions {
  /** What Prometheus and Alertmanager show to the collector; `SIGNALBOX_MACHINE_TOKEN` of the collector. */
  machineToken: string;
  /** Only for tests that must shrink a window: changes the text of the engine's main file. */
  configPatch?(text: string): string;
}

/** The token of tests that don't care which. */
export const TEST_MACHINE_TOKEN = 'engine-stack-machine-token';

/** Builds the folder below the system's temporary folder. Throws, saying why, where engines cannot run like this. */
export async function createEngineRoot(name: EngineName, options: EngineRootOptions): Promise<EngineRoot> {
  assertCanChroot();
  const facts = ENGINES[name];
  const { command, environment, stopGraceMs } = composeService(name);
  const binary = engineBinary(name);
  const rootDir = join(await mkdtemp(join(tmpdir(), `signalbox-${name}-`)), 'root');
  const inRoot = (path: string) => join(rootDir, path);
  const chrooted = ['chroot', `--userspec=${facts.uid}:${facts.uid}`, rootDir];
  const root: EngineRoot = {
    name,
    rootDir,
    command: [...chrooted, facts.program, ...command],
    environment,
    stopGraceMs,
    run(program, args) {
      const [file, ...rest] = [...chrooted, program, ...args] as [string, ...string[]];
      const { error, status, stderr, stdout } = spawnSync(file, rest, { encoding: 'utf8', timeout: 60_000 });
      if (error !== undefined) throw error;
      return { status, output: stdout + stderr };
    },
    addProgram: (from, to) => addProgram(from, inRoot(to)),
    remove: () => rm(dirname(rootDir), { recursive: true, force: true }),
  };
  try {
    await makeFolder(inRoot('/'), 0o755);
    await makeFolder(inRoot('/tmp'), 0o1777);
    await root.addProgram(binary, facts.program);
    await addConfig(name, inRoot, options);
    await addFile(inRoot('/etc/hosts'), `127.0.0.1 localhost ${HOST_NAMES.join(' ')}\n`);
    const tokenFile = inRoot('/run/signalbox/machine-token');
    await addFile(tokenFile, options.machineToken);
    await makeFolder(inRoot(facts.dataDir), 0o700);
    for (const path of [tokenFile, inRoot(facts.dataDir)]) await chown(path, facts.uid, facts.uid);
    await chmod(tokenFile, 0o400);
  } catch (error) {
    await root.remove();
    throw error;
  }
  return root;
}

function assertCanChroot(): void {
  const { error, status, stderr } = spawnSync('chroot', ['--userspec=65534:65534', '/', 'true'], {
    encoding: 'utf8',
  });
  if (error === undefined && status === 0) return;
  const reason = process.getuid?.() === 0 ? (error?.message ?? stderr.trim()) : 'that needs root';
  throw new Error(`Engines run in tests by chroot as the users of their images: ${reason}`);
}

/** Modes are set apart from making, because the umask of whoever runs tests must not decide. */
async function makeFolder(path: string, mode: number): Promise<void> {
  await mkdir(path, { recursive: true });
  await chmod(path, mode);
}

async function addFile(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o755 });
  await writeFile(path, content);
  await chmod(path, 0o644);
}

async function addProgram(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o755 });
  // Engines are large; where the temporary folder is on another disk they must be copied all the same.
  await link(from, to).catch(() => copyFile(from, to));
}

async function addConfig(
  name: EngineName,
  inRoot: (path: string) => string,
  { configPatch }: EngineRootOptions,
): Promise<void> {
  const { from, main, to } = ENGINES[name].config;
  await mkdir(dirname(inRoot(to)), { recursive: true, mode: 0o755 });
  await cp(name === 'tempo' ? tempoConfig() : join(REPOSITORY, from), inRoot(to), { recursive: true });
  if (configPatch === undefined) return;
  const text = await readFile(inRoot(main), 'utf8');
  const patched = configPatch(text);
  if (patched === text) throw new Error(`configPatch changed nothing in ${main} of ${name}`);
  await writeFile(inRoot(main), patched);
}

/** The repository's file is for Tempo 3, which has to be named; the Tempo that can be built has a file of its own. */
function tempoConfig(): string {
  return process.env.SIGNALBOX_TEST_TEMPO
    ? join(REPOSITORY, ENGINES.tempo.config.from)
    : join(import.meta.dirname, 'tempo-1.5.yaml');
}
