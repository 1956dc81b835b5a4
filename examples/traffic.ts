import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { urlOf } from './addresses.ts';
import { createRandom, type PlannedRequest, planRequest } from './traffic-mix.ts';

const help = `Sends a realistic mix of requests to the demo's shop and assistant.

  node examples/traffic.ts [options]

  --rate N        requests per second, 0.1 to 200 (default 5)
  --seconds N     stop after N seconds
  --requests N    stop after exactly N requests
  --seed N        the same number gives the same requests (default: another each time)
  --summary FILE  write what was sent, as JSON, when it ends
  --quiet         print no progress

Without --seconds and --requests it runs until it is stopped (Ctrl-C), and then writes its summary too.
`;

const maxInFlight = 20;
const maxListed = 1_000;

/** What was sent and answered, as written to the summary file. */
interface Summary {
  seed: number;
  requests: number;
  /** Requests that got no answer at all. */
  unanswered: number;
  /** Counts by `METHOD route` and then by status. */
  routes: Record<string, Record<string, number>>;
  /** Trace ids told by the services, the first 1000 of each kind: of workflows answered, and of 5xx answers. */
  workflowTraceIds: string[];
  failedTraceIds: string[];
}

interface Options {
  rate: number;
  seconds: number;
  requests: number;
  seed: number;
  summary: string | undefined;
  quiet: boolean;
}

function readOptions(): Options | undefined {
  const { values } = parseArgs({
    options: {
      rate: { type: 'string', default: '5' },
      seconds: { type: 'string' },
      requests: { type: 'string' },
      seed: { type: 'string' },
      summary: { type: 'string' },
      quiet: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  return {
    rate: numberOf('rate', values.rate, { min: 0.1, max: 200 }),
    seconds: numberOf('seconds', values.seconds, { min: 0, max: Number.MAX_SAFE_INTEGER }),
    requests: numberOf('requests', values.requests, { min: 0, max: Number.MAX_SAFE_INTEGER }),
    seed: values.seed === undefined ? Math.floor(Math.random() * 2 ** 32) : Number(values.seed),
    summary: values.summary,
    quiet: values.quiet,
  };
}

function numberOf(name: string, text: string | undefined, range: { min: number; max: number }): number {
  if (text === undefined) return Number.POSITIVE_INFINITY;
  const value = Number(text);
  if (value >= range.min && value <= range.max) return value;
  throw new RangeError(`--${name} must be a number from ${range.min} to ${range.max}, not "${text}"`);
}

async function send(request: PlannedRequest, summary: Summary): Promise<void> {
  const key = `${request.method} ${request.route}`;
  const counts = summary.routes[key] ?? {};
  summary.routes[key] = counts;
  let outcome = 'unanswered';
  try {
    const response = await fetch(urlOf(request.to) + request.path, {
      method: request.method,
      signal: AbortSignal.timeout(30_000),
      ...(request.body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(request.body) }),
    });
    const traceId = response.headers.get('x-trace-id');
    await response.arrayBuffer();
    outcome = String(response.status);
    if (traceId && response.ok && request.route === '/workflow') list(summary.workflowTraceIds, traceId);
    if (traceId && response.status >= 500) list(summary.failedTraceIds, traceId);
  } catch {
    summary.unanswered++;
  }
  counts[outcome] = (counts[outcome] ?? 0) + 1;
}

function list(into: string[], traceId: string): void {
  if (into.length < maxListed) into.push(traceId);
}

function progressLine(summary: Summary): string {
  const byClass: Record<string, number> = {};
  for (const counts of Object.values(summary.routes)) {
    for (const [status, count] of Object.entries(counts)) {
      const kind = /^\d/.test(status) ? `${status[0]}xx` : status;
      byClass[kind] = (byClass[kind] ?? 0) + count;
    }
  }
  const told = Object.entries(byClass).sort(([a], [b]) => a.localeCompare(b));
  return `${summary.requests} requests sent: ${told.map(([kind, count]) => `${count} ${kind}`).join(', ')}\n`;
}

/** Sends at an even pace, at most 20 at once, until the time or the count is used up or `stop` is aborted. */
async function run(options: Options, stop: AbortSignal): Promise<Summary> {
  const summary: Summary = {
    seed: options.seed,
    requests: 0,
    unanswered: 0,
    routes: {},
    workflowTraceIds: [],
    failedTraceIds: [],
  };
  const random = createRandom(options.seed);
  const startedMs = performance.now();
  const inFlight = new Set<Promise<void>>();
  let toldMs = startedMs;

  while (!stop.aborted && summary.requests < options.requests) {
    if (performance.now() - startedMs >= options.seconds * 1000) break;
    if (inFlight.size >= maxInFlight) await Promise.race(inFlight);
    const sending: Promise<void> = send(planRequest(random), summary).finally(() => inFlight.delete(sending));
    inFlight.add(sending);
    summary.requests++;
    if (!options.quiet && performance.now() - toldMs >= 5_000) {
      process.stdout.write(progressLine(summary));
      toldMs = performance.now();
    }
    const nextMs = startedMs + (summary.requests * 1000) / options.rate;
    await sleep(Math.max(0, nextMs - performance.now()), undefined, { signal: stop }).catch(() => {});
  }
  await Promise.all(inFlight);
  return summary;
}

async function main(): Promise<void> {
  const options = readOptions();
  if (!options) {
    process.stdout.write(help);
    return;
  }
  const stop = new AbortController();
  process.once('SIGTERM', () => stop.abort());
  process.once('SIGINT', () => stop.abort());
  // Under the demo: nobody is left to stop it when the demo itself is gone.
  process.once('disconnect', () => stop.abort());
  const summary = await run(options, stop.signal);
  process.stdout.write(progressLine(summary));
  if (options.summary) await writeFile(options.summary, `${JSON.stringify(summary, null, 2)}\n`);
  if (process.connected) process.disconnect?.();
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
