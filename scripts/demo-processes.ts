import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { serviceNames } from '../examples/addresses.ts';
import type { DemoPorts } from './demo-ports.ts';

const readyTimeoutMs = 60_000;
const graceMs = 8_000;
const skewMs = 3_000;

// Those who ask stop before those who answer, so that nobody is left without an answer.
const stopOrder = [
  ['shop'],
  ['assistant'],
  ['worker'],
  ['model-stand-in', 'orders-queue', 'inventory', 'payment'],
];

/** One child process of the demo. */
export interface DemoProcess {
  name: string;
  tell(message: 'break' | 'mend'): void;
  /** Resolves with the exit code; null when a signal ended it. */
  exited: Promise<number | null>;
  /** Resolves when the process says that it can be used; throws when it ends first or takes over a minute. */
  ready(): Promise<void>;
  /**
   * SIGTERM, and SIGKILL to a process that has not ended 8 s later. Resolves when it has closed its server;
   * it then still flushes its telemetry, until `exited`.
   */
  stop(): Promise<void>;
}

export interface StartOptions {
  endpoint: string;
  ports: DemoPorts;
  env: NodeJS.ProcessEnv;
  /** Show what the services write to standard output. */
  verbose: boolean;
}

const example = (file: string): string => fileURLToPath(new URL(`../examples/${file}`, import.meta.url));

/** Starts one file of examples/ as a child of this process. */
export function startProcess(
  file: string,
  options: StartOptions & { args?: string[]; name?: string },
): DemoProcess {
  const { name, ports } = options;
  const preloads = [
    ...(name === 'payment' ? ['skewed-clock.ts'] : []),
    ...(name ? ['instrumentation.ts'] : []),
  ];
  const child = fork(example(file), options.args ?? [], {
    execArgv: preloads.flatMap((preload) => [
      '--import',
      new URL(`../examples/${preload}`, import.meta.url).href,
    ]),
    stdio: ['ignore', options.verbose || !name ? 'inherit' : 'ignore', 'inherit', 'ipc'],
    env: {
      OTEL_METRIC_EXPORT_INTERVAL: '5000',
      OTEL_METRIC_EXPORT_TIMEOUT: '4000',
      OTEL_BSP_SCHEDULE_DELAY: '1000',
      OTEL_BLRP_SCHEDULE_DELAY: '1000',
      OTEL_EXPORTER_OTLP_TIMEOUT: '5000',
      OTEL_RESOURCE_ATTRIBUTES:
        'service.namespace=demo,service.version=1.0.0,deployment.environment.name=demo',
      ...options.env,
      OTEL_EXPORTER_OTLP_ENDPOINT: options.endpoint,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      ...(name ? { OTEL_SERVICE_NAME: name } : {}),
      ...(name === 'payment' ? { CLOCK_SKEW_MS: String(skewMs) } : {}),
      DEMO_PORTS: Object.entries(ports)
        .map(([service, port]) => `${service}=${port}`)
        .join(','),
    },
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return {
    name: name ?? file,
    tell: (message) => void (child.connected && child.send(message)),
    exited,
    ready: () => untilReady(child, name ?? file),
    stop: () => stopChild(child, exited),
  };
}

function untilReady(child: ChildProcess, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`${name} did not start within a minute`)),
      readyTimeoutMs,
    );
    child.once('message', () => {
      clearTimeout(timer);
      resolve();
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`${name} could not be started (exit code ${code})`));
    });
  });
}

async function stopChild(child: ChildProcess, exited: Promise<number | null>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = new Promise((resolve) => child.once('disconnect', resolve));
  const killer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  void exited.then(() => clearTimeout(killer));
  child.kill('SIGTERM');
  await Promise.race([closed, exited]);
}

/** All services of the demo, running. */
export interface Services {
  tell(name: string, message: 'break' | 'mend'): void;
  /** Resolves with a message when a service has ended without being asked to. */
  fault: Promise<string>;
  stop(): Promise<void>;
}

/** Starts every service and waits until all can be used; if one cannot, all are stopped and it throws. */
export async function startServices(options: StartOptions & { broken: string[] }): Promise<Services> {
  let stopping = false;
  const processes = new Map<string, DemoProcess>();
  for (const name of serviceNames) {
    const args = options.broken.includes(name) ? ['--broken'] : [];
    processes.set(name, startProcess(`${name}.ts`, { ...options, name, args }));
  }
  const services: Services = {
    tell: (name, message) => processes.get(name)?.tell(message),
    fault: new Promise((resolve) => {
      for (const { name, exited } of processes.values()) {
        void exited.then((code) => stopping || resolve(`${name} ended unexpectedly (exit code ${code})`));
      }
    }),
    async stop() {
      stopping = true;
      for (const names of stopOrder) await Promise.all(names.map((name) => processes.get(name)?.stop()));
      await Promise.all([...processes.values()].map((ended) => ended.exited));
    },
  };
  try {
    await Promise.all([...processes.values()].map((started) => started.ready()));
  } catch (error) {
    await services.stop();
    throw error;
  }
  return services;
}
