import { parseArgs } from 'node:util';
import {
  type Breakable,
  breakable,
  createControl,
  describeControl,
  isBreakable,
  sendControl,
} from './demo-control.ts';
import { choosePorts, controlPortOffset, requireEndpoint } from './demo-ports.ts';
import { startProcess, startServices } from './demo-processes.ts';

const help = `Runs a small instrumented system and sends it traffic. Its telemetry goes to Signalbox.

  npm run demo                          start it, until Ctrl-C
  npm run demo -- break TARGET...       break a part of the running demo
  npm run demo -- mend [TARGET...]      mend it again; without a target everything

Targets: ${Object.keys(breakable).join(', ')}.

  --endpoint URL   where the telemetry goes, OTLP over HTTP
                   (default OTEL_EXPORTER_OTLP_ENDPOINT, else http://127.0.0.1:4318)
  --port-base N    first of the ports it listens on (default 4380: services 4380 to 4386,
                   control 4390); 0 takes any free ones
  --broken TARGET  start with this part broken; can be given more than once
  --rate N         requests per second (default 5)
  --seconds N      stop after N seconds
  --requests N     stop after exactly N requests
  --seed N         the same number gives the same requests
  --summary FILE   write what was sent and answered, as JSON, when it ends
  --verbose        show the log of the services
  --help           show this
`;

const defaultEndpoint = 'http://127.0.0.1:4318';
const defaultPortBase = 4380;

/** All optional; what each means is said in the help text. Ports and counts are numbers, times seconds. */
export interface DemoOptions {
  endpoint?: string;
  portBase?: number;
  rate?: number;
  seconds?: number;
  requests?: number;
  seed?: number;
  summaryFile?: string;
  broken?: Breakable[];
  verbose?: boolean;
  /** The environment of the services; OTEL_* variables in it reach their SDK. */
  env?: NodeJS.ProcessEnv;
  /** Where progress is told. */
  tell?: (line: string) => void;
}

export interface Demo {
  shopUrl: string;
  /** Stops the traffic and every service, each of which flushes its telemetry. Twice is harmless. */
  stop(): Promise<void>;
  /** Resolves when traffic has ended and everything is stopped; throws when a part failed on its own. */
  done: Promise<void>;
}

/**
 * Starts the services as child processes and traffic to them. Throws with a message for people when the
 * endpoint does not answer, a port is taken or a service cannot start; then nothing is left running.
 */
export async function startDemo(options: DemoOptions = {}): Promise<Demo> {
  const tell = options.tell ?? (() => {});
  const endpoint = options.endpoint ?? defaultEndpoint;
  await requireEndpoint(endpoint);
  const ports = await choosePorts(options.portBase ?? defaultPortBase);
  const start = { endpoint, ports, env: options.env ?? {}, verbose: options.verbose ?? false };
  const broken = (options.broken ?? []).map((target) => breakable[target]);
  const shopUrl = `http://127.0.0.1:${ports.shop}`;

  tell('Starting the demo ...');
  const services = await startServices({ ...start, broken });
  const control = await createControl(ports.control, (request) => {
    for (const target of request.targets) services.tell(breakable[target], request.action);
    tell(describeControl(request));
  }).catch(async (error) => {
    await services.stop();
    throw error;
  });
  tell(
    `The shop answers at ${shopUrl}; telemetry goes to ${endpoint}. Break something: npm run demo -- break payment`,
  );

  const traffic = startProcess('traffic.ts', { ...start, args: trafficArguments(options) });
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= (async () => {
      await traffic.stop();
      await traffic.exited;
      await control.close();
      await services.stop();
    })();
    return stopped;
  };
  const ended = Promise.race([
    services.fault,
    traffic.exited.then((code) =>
      code === 0 || stopped ? undefined : `the traffic failed (exit code ${code})`,
    ),
  ]);
  const done = ended.then(async (fault) => {
    await stop();
    if (fault) throw new Error(fault);
  });
  return { shopUrl, stop, done };
}

function trafficArguments(options: DemoOptions): string[] {
  const { rate, seconds, requests, seed, summaryFile: summary } = options;
  return Object.entries({ rate, seconds, requests, seed, summary }).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, String(value)],
  );
}

function readArguments() {
  const text = { type: 'string' } as const;
  return parseArgs({
    allowPositionals: true,
    options: {
      endpoint: text,
      'port-base': text,
      broken: { type: 'string', multiple: true, default: [] },
      rate: text,
      seconds: text,
      requests: text,
      seed: text,
      summary: text,
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
}

type Range = { min: number; max: number };

function numberOf(name: string, text: string | undefined, { min, max }: Range): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== '' && value >= min && value <= max) return value;
  throw new Error(`--${name} must be a number from ${min} to ${max}, not "${text}"`);
}

function targetsOf(words: string[]): Breakable[] {
  return words.map((word) => {
    if (isBreakable(word)) return word;
    throw new Error(`"${word}" cannot be broken or mended; choose from ${Object.keys(breakable).join(', ')}`);
  });
}

/** The options that were given, without the others. */
function demoOptionsOf(values: ReturnType<typeof readArguments>['values']): DemoOptions {
  const many = { min: 0, max: 1_000_000_000 };
  const given = {
    endpoint: values.endpoint ?? process.env.OTEL_EXPORTER_OTLP_ENDPOINT,
    portBase: numberOf('port-base', values['port-base'], { min: 0, max: 65_535 - controlPortOffset }),
    rate: numberOf('rate', values.rate, { min: 0.1, max: 200 }),
    seconds: numberOf('seconds', values.seconds, many),
    requests: numberOf('requests', values.requests, many),
    seed: numberOf('seed', values.seed, { min: 0, max: 2 ** 32 - 1 }),
    summaryFile: values.summary,
  };
  const present = Object.entries(given).filter(([, value]) => value !== undefined && value !== '');
  return { ...Object.fromEntries(present), broken: targetsOf(values.broken), verbose: values.verbose };
}

async function main(): Promise<void> {
  const { values, positionals } = readArguments();
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  if (values.help) return say(help.trimEnd());

  const options = demoOptionsOf(values);
  const [action, ...words] = positionals;
  if (action === 'break' || action === 'mend') {
    if (action === 'break' && words.length === 0)
      throw new Error('break what? For example: npm run demo -- break payment');
    const targets = words.length > 0 ? targetsOf(words) : (Object.keys(breakable) as Breakable[]);
    return say(
      await sendControl((options.portBase ?? defaultPortBase) + controlPortOffset, { action, targets }),
    );
  }
  if (action !== undefined) throw new Error(`"${action}" is no command; see npm run demo -- --help`);

  const demo = await startDemo({ ...options, env: process.env, tell: say });
  const stop = () => {
    say('Stopping; telemetry is being flushed ...');
    void demo.stop();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  await demo.done;
}

if (import.meta.main) {
  try {
    await main();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
