import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { systemClock } from '#core/clock.ts';
import { checkRequest } from '#otlp/check.ts';
import { type StoreConfig, storeSchema } from '#store/config.ts';
import { createStore, type Store } from '#store/store.ts';
import { cpuSeconds, describeMachine, spread } from './machine.ts';
import { sampleTraceRequests } from './sample-requests.ts';

const SPANS = 500_000;
const BATCH = 500;
const RUNS = 5;
/** As many bytes as the store's exporter puts into one transaction under load. */
const PAYLOADS_A_COMMIT = 36;
const GROUPED = `
  SELECT start_unix_nano // 60000000000 AS minute, service, http_route,
    count(*) AS spans, quantile_cont(duration_nano, [0.5, 0.95, 0.99]) AS quantiles
  FROM spans GROUP BY ALL`;

const config = {} as StoreConfig;
new Ajv({ useDefaults: true, strict: false }).compile(storeSchema)(config);
const requests = sampleTraceRequests({
  requests: SPANS / RUNS / BATCH,
  spans: BATCH,
  startUnixNano: systemClock(),
});
const folder = mkdtempSync(join(tmpdir(), 'signalbox-bench-'));
process.stdout.write(`${describeMachine()}\n`);

try {
  const store = await createStore(config, {
    folder,
    clock: systemClock,
    queryTimeoutMs: 60_000,
    events: { damaged() {}, expired() {}, failed: ({ error }) => process.stderr.write(`${error.message}\n`) },
  });
  await benchWrites(store);
  await benchQuery(store);
  await store.close();
} finally {
  rmSync(folder, { recursive: true });
}

async function benchWrites(store: Store): Promise<void> {
  const perCpuSecond: number[] = [];
  const perSecond: number[] = [];
  const checks: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const cpu = cpuSeconds();
    const wall = performance.now();
    const checked = requests.map((bytes) => checkRequest('traces', bytes));
    checks.push(SPANS / RUNS / (cpuSeconds() - cpu));
    const payloads = checked.map((request) => {
      if (!request.ok) throw new Error(request.message);
      const { ok: _ok, reason: _reason, rejected: _rejected, ...described } = request;
      return {
        ...described,
        signal: 'traces' as const,
        tenant: '',
        gzip: null,
        receivedUnixNano: systemClock(),
        source: 'otlp_http' as const,
      };
    });
    for (let at = 0; at < payloads.length; at += PAYLOADS_A_COMMIT) {
      await store.write(payloads.slice(at, at + PAYLOADS_A_COMMIT));
    }
    perCpuSecond.push(SPANS / RUNS / (cpuSeconds() - cpu));
    perSecond.push(SPANS / RUNS / ((performance.now() - wall) / 1000));
  }
  const size = requests.reduce((sum, bytes) => sum + bytes.length, 0) / (SPANS / RUNS);
  print(`spans checked per CPU-second (${Math.round(size)} bytes each)`, spread(checks));
  print('spans checked, decoded and stored per CPU-second', `${spread(perCpuSecond)}; target 80,000`);
  print('spans checked, decoded and stored per second', spread(perSecond));
}

async function benchQuery(store: Store): Promise<void> {
  const times: number[] = [];
  let rows = 0;
  for (let run = 0; run < RUNS; run++) {
    const begin = performance.now();
    rows = (await store.read(GROUPED, {})).length;
    times.push(performance.now() - begin);
  }
  const [count] = await store.read('SELECT count(*) AS spans FROM spans', {});
  print(
    `${count?.spans} spans by minute, service, route with p50/p95/p99 (${rows} groups), ms`,
    `${spread(times)}; target under 150`,
  );
}

function print(what: string, figure: string): void {
  process.stdout.write(`${what}: ${figure}\n`);
}
