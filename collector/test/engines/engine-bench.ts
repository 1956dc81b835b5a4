import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ENGINES, type EngineName } from '../support/engine-stack/engine-facts.ts';
import { TEST_MACHINE_TOKEN } from '../support/engine-stack/engine-root.ts';
import {
  type Engine,
  type EngineOptions,
  type EngineStack,
  startEngines,
} from '../support/engine-stack/start-engine.ts';
import { type Signalbox, startSignalbox } from '../support/start-signalbox.ts';

/** All engines, and a collector that sends to them as it does in the stack. */
export interface EngineBench {
  engines: EngineStack;
  dataDir: string;
  /** Of the present or the last run. Its addresses stay the same over restarts. */
  readonly signalbox: Signalbox;
  /** Starts the collector on its data folder, which is empty at first; `more` are settings of this run. */
  start(more?: Record<string, string>): Promise<Signalbox>;
}

export interface EngineBenchOptions {
  /** Of single engines, as in `{ loki: { configPatch } }`. */
  of?: Partial<Record<EngineName, Partial<EngineOptions>>>;
  /** Settings of the collector beyond those of the stack. */
  env?: Record<string, string>;
}

/** A scope for what a `before` starts. To be called outside of it: node:test ends what is registered in a hook with the hook. */
export function createFileScope(after: (end: () => Promise<void>) => void): EngineOptions['scope'] {
  const ends: (() => unknown)[] = [];
  after(async () => {
    for (const end of ends) await end();
  });
  return { after: (end) => void ends.push(end) };
}

/** Starts the engines; when the scope ends, everything ends and the data goes. */
export async function createEngineBench(
  scope: EngineOptions['scope'],
  { env = {}, of = {} }: EngineBenchOptions = {},
): Promise<EngineBench> {
  let signalbox: Signalbox | undefined;
  scope.after(async () => {
    await signalbox?.kill();
  });
  const engines = await startEngines({ scope, of });
  const dataDir = await mkdtemp(join(tmpdir(), 'signalbox-engines-'));
  scope.after(() => rm(dataDir, { recursive: true, force: true }));
  const port = await freePort();
  return {
    engines,
    dataDir,
    get signalbox() {
      return signalbox!;
    },
    async start(more = {}) {
      const ports = { SIGNALBOX_OTLP_HTTP_PORT: String(port) };
      const all = { ...stackSettings(engines), ...ports, ...env, ...more };
      signalbox = await startSignalbox({ dataDir, env: all });
      return signalbox;
    },
  };
}

/** What docker-compose.yml sets, with the addresses that the engines have here. */
function stackSettings({ alertmanager, loki, prometheus, tempo }: EngineStack): Record<string, string> {
  return {
    SIGNALBOX_CONSOLE_PORT: '8080',
    SIGNALBOX_CONSOLE_ALLOWED_HOSTS: 'collector',
    SIGNALBOX_MACHINE_TOKEN: TEST_MACHINE_TOKEN,
    SIGNALBOX_EXPORTER_TEMPO_ENDPOINT: 'http://127.0.0.1:4318',
    SIGNALBOX_EXPORTER_LOKI_ENDPOINT: `${loki.url}/otlp`,
    SIGNALBOX_EXPORTER_PROMETHEUS_ENDPOINT: `${prometheus.url}/api/v1/otlp`,
    SIGNALBOX_ENGINES_TEMPO_URL: tempo.url,
    SIGNALBOX_ENGINES_LOKI_URL: loki.url,
    SIGNALBOX_ENGINES_PROMETHEUS_URL: prometheus.url,
    SIGNALBOX_ENGINES_ALERTMANAGER_URL: alertmanager.url,
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Does what an operator would: changes a setting in an engine's file and restarts it. Throws when `from` is not in it. */
export async function reconfigure(engine: Engine, from: string, to: string): Promise<void> {
  const file = join(engine.rootDir, ENGINES[engine.name].config.main);
  const text = await readFile(file, 'utf8');
  if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
  await writeFile(file, text.replace(from, to));
  await engine.kill();
  await engine.restart();
}
