import type { Exit } from '../start-signalbox.ts';
import { ENGINE_NAMES, ENGINES, type EngineName } from './engine-facts.ts';
import { createEngineLog, type EngineProcess, launchEngine } from './engine-process.ts';
import { createEngineRoot, type EngineRootOptions, TEST_MACHINE_TOKEN } from './engine-root.ts';

/** A running engine: the real program with the repository's configuration, on the ports it has in the stack. */
export interface Engine {
  name: EngineName;
  /** Where it answers queries: `http://127.0.0.1:3100`. */
  url: string;
  /** Of the present run, or the last one. */
  readonly pid: number;
  /** Its `/`: data and configuration are in there, and stay over `kill`, `stop` and `restart`. */
  rootDir: string;
  /** Ends it at once, or by another signal, and waits. Harmless when it has ended. */
  kill(signal?: NodeJS.Signals): Promise<Exit>;
  /** Asks it to end (SIGTERM) and waits; as Docker does, kills it after its grace time, which the exit tells. */
  stop(): Promise<Exit>;
  /** Stops it if it still runs, starts it again on the same data and waits until it is ready. */
  restart(): Promise<void>;
  /** The last lines that it wrote (default 40). */
  logTail(lines?: number): string;
  /** Ends it and removes its folder. */
  close(): Promise<void>;
}

export interface EngineOptions extends Partial<EngineRootOptions> {
  /** The test (`t`), or `{ after }` of node:test for a whole file: when it ends, so does the engine. */
  scope: { after(end: () => Promise<void>): void };
  /** Default a minute. */
  readyTimeoutMs?: number;
}

/**
 * Starts one engine and waits until it is ready. Throws when its port is in use, its binary is missing, this is not
 * root, or it does not get ready, with its log.
 */
export async function startEngine(name: EngineName, options: EngineOptions): Promise<Engine> {
  const { configPatch, machineToken = TEST_MACHINE_TOKEN, readyTimeoutMs = 60_000, scope } = options;
  const root = await createEngineRoot(name, { machineToken, ...(configPatch && { configPatch }) });
  const log = createEngineLog();
  let run: EngineProcess | undefined;
  const end = async (signal: NodeJS.Signals): Promise<Exit> =>
    (await run?.end(signal)) ?? { code: null, signal: null };
  const engine: Engine = {
    name,
    url: `http://127.0.0.1:${ENGINES[name].ports[0]}`,
    get pid() {
      return run!.pid;
    },
    rootDir: root.rootDir,
    kill: (signal = 'SIGKILL') => end(signal),
    stop: () => end('SIGTERM'),
    async restart() {
      await end('SIGTERM');
      run = await launchEngine(root, { log, readyTimeoutMs });
    },
    logTail: (lines = 40) => log.tail(lines),
    async close() {
      await end('SIGKILL');
      await root.remove();
    },
  };
  scope.after(engine.close);
  await engine.restart();
  return engine;
}

export type EngineStack = Record<EngineName, Engine> & {
  /** In reverse order of their start. */
  stop(): Promise<void>;
};

/** Starts all engines; when one does not get ready, none stays. Options may differ by engine. */
export async function startEngines(
  options: EngineOptions & { of?: Partial<Record<EngineName, Partial<EngineOptions>>> },
): Promise<EngineStack> {
  const { of = {}, ...shared } = options;
  const starts = ENGINE_NAMES.map((name) => startEngine(name, { ...shared, ...of[name] }));
  const settled = await Promise.allSettled(starts);
  const started = settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failed = settled.find((result) => result.status === 'rejected');
  if (failed !== undefined) {
    await Promise.all(started.map((engine) => engine.close()));
    throw failed.reason;
  }
  const engines = Object.fromEntries(started.map((engine) => [engine.name, engine]));
  return {
    ...(engines as Record<EngineName, Engine>),
    async stop() {
      for (const engine of started.toReversed()) await engine.stop();
    },
  };
}
