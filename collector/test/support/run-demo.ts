import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the demo's traffic wrote about what it sent and how it was answered. */
export interface DemoSummary {
  requests: number;
  unanswered: number;
  /** Counts by `METHOD route` and then by status. */
  routes: Record<string, Record<string, number>>;
  /** Trace ids told by the services: of workflows answered, and of 5xx answers. */
  workflowTraceIds: string[];
  failedTraceIds: string[];
}

const script = join(import.meta.dirname, '../../../scripts/demo.ts');

/**
 * Runs the demo in processes of its own, on free ports, until `requests` are answered and its telemetry is
 * flushed to `endpoint` (OTLP over HTTP). The same `seed` sends the same requests. Throws with its output when it fails.
 */
export async function runDemo(options: {
  endpoint: string;
  requests: number;
  seed: number;
}): Promise<DemoSummary> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-demo-'));
  const summary = join(folder, 'summary.json');
  const { endpoint, requests, seed } = options;
  const values = { endpoint, requests, seed, summary, rate: 20, 'port-base': 0 };
  const args = Object.entries(values).flatMap(([name, value]) => [`--${name}`, String(value)]);
  try {
    const child = spawn(process.execPath, [script, ...args], { env: cleanEnvironment() });
    const killWithTest = () => child.kill('SIGTERM');
    process.once('exit', killWithTest);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    const [code] = (await once(child, 'close')) as [number | null];
    process.off('exit', killWithTest);
    if (code !== 0) throw new Error(`the demo ended with ${code}:\n${output}`);
    return JSON.parse(await readFile(summary, 'utf8')) as DemoSummary;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Without what is set for the tests themselves. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const isForeign = (name: string) => /^(OTEL_|NODE_OPTIONS|NODE_TEST_CONTEXT)/.test(name);
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !isForeign(name)));
}
