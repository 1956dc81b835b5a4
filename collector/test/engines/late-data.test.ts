import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import {
  ask,
  askJson,
  gaugeRequest,
  logRequest,
  lokiLines,
  prometheusValues,
  sendToEngine,
  spanRequest,
} from '../support/engine-stack/ask-engines.ts';
import { type Engine, startEngine } from '../support/engine-stack/start-engine.ts';
import { until } from '../support/until.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

async function sendLine(loki: Engine, line: { body: string; unixMs: number }) {
  return sendToEngine(`${loki.url}/otlp`, 'logs', logRequest('late', [line]));
}

test('Loki takes lines of the last seven days in any order and finds them at once, also after it was killed', async (t) => {
  const loki = await startEngine('loki', { scope: t });
  const now = Date.now();
  const agesMs = [0, 20 * HOUR_MS, 6 * DAY_MS, 23 * HOUR_MS, 59 * MINUTE_MS, 61 * MINUTE_MS, -9 * MINUTE_MS];
  agesMs.push(39 * MINUTE_MS, 41 * MINUTE_MS, 7 * DAY_MS - MINUTE_MS, 3 * HOUR_MS);
  const bodies = agesMs.map((ageMs) => `line of ${ageMs / MINUTE_MS} minutes ago`);
  for (const [index, ageMs] of agesMs.entries()) {
    const { status, text } = await sendLine(loki, { body: bodies[index]!, unixMs: now - ageMs });
    assert.equal(status, 204, `${bodies[index]}: ${text}`);
  }
  const selector = '{service_name="late"}';
  const all = { selector, fromUnixMs: now - 8 * DAY_MS, toUnixMs: now + HOUR_MS };
  assert.deepEqual((await lokiLines(loki.url, all)).sort(), [...bodies].sort());
  const around20h = { selector, fromUnixMs: now - 21 * HOUR_MS, toUnixMs: now - 19 * HOUR_MS };
  assert.deepEqual(await lokiLines(loki.url, around20h), ['line of 1200 minutes ago']);
  await loki.kill();
  await loki.restart();
  assert.deepEqual((await lokiLines(loki.url, all)).sort(), [...bodies].sort(), 'after SIGKILL');
  await loki.stop();
  await loki.restart();
  assert.deepEqual((await lokiLines(loki.url, all)).sort(), [...bodies].sort(), 'after SIGTERM');
});

test('Loki refuses lines that are older than that, or more than ten minutes ahead', async (t) => {
  const loki = await startEngine('loki', { scope: t });
  const old = await sendLine(loki, { body: 'old', unixMs: Date.now() - 7 * DAY_MS - MINUTE_MS });
  assert.equal(old.status, 400);
  assert.match(old.text, /has timestamp too old/);
  const ahead = await sendLine(loki, { body: 'ahead', unixMs: Date.now() + 11 * MINUTE_MS });
  assert.equal(ahead.status, 400);
  assert.match(ahead.text, /has timestamp too new/);
});

test('Prometheus takes points of the last 25 hours in any order, refuses older ones, and keeps them when killed', async (t) => {
  const prometheus = await startEngine('prometheus', { scope: t });
  const otlp = `${prometheus.url}/api/v1/otlp`;
  const now = Math.floor(Date.now() / 1000) * 1000;
  const gauge = { service: 'late', name: 'late.points' };
  const agesMs = [0, 20 * HOUR_MS, 25 * HOUR_MS - MINUTE_MS, HOUR_MS, 24 * HOUR_MS, 10 * MINUTE_MS];
  for (const ageMs of agesMs) {
    const point = { value: ageMs / MINUTE_MS, unixMs: now - ageMs };
    const { status, text } = await sendToEngine(otlp, 'metrics', gaugeRequest(gauge, [point]));
    assert.equal(status, 200, `${ageMs}: ${text}`);
  }
  const old = gaugeRequest(gauge, [{ value: 1, unixMs: now - 25 * HOUR_MS - 5 * MINUTE_MS }]);
  const refused = await sendToEngine(otlp, 'metrics', old);
  assert.equal(refused.status, 400, refused.text);
  const assertThere = async (when: string) => {
    for (const ageMs of agesMs) {
      const values = await prometheusValues(prometheus.url, {
        expression: 'late_points',
        atUnixMs: now - ageMs,
      });
      assert.deepEqual([...values.values()], [ageMs / MINUTE_MS], `${when}: ${ageMs / MINUTE_MS} minutes`);
    }
  };
  await assertThere('at once');
  await prometheus.kill();
  await prometheus.restart();
  await assertThere('after SIGKILL');
});

test('Tempo finds a late trace by its id at once', async (t) => {
  const tempo = await startEngine('tempo', { scope: t });
  const traceId = randomBytes(16).toString('hex');
  const span = spanRequest('late', { traceId, unixMs: Date.now() - 20 * HOUR_MS });
  assert.equal((await sendToEngine('http://127.0.0.1:4318', 'traces', span)).status, 200);
  await until('the trace', async () => {
    const { status } = await ask(`${tempo.url}/api/traces/${traceId}`);
    return status === 200 ? true : undefined;
  });
});

if (process.env.SIGNALBOX_TEST_TEMPO) {
  test('Tempo 3 finds fresh spans and late ones by TraceQL, and keeps long attributes whole', async (t) => {
    const tempo = await startEngine('tempo', { scope: t });
    const now = Date.now();
    const traces = { fresh: now, late: now - 20 * HOUR_MS };
    const ids: Record<string, string> = {};
    const prompt = 'word '.repeat(20_000);
    for (const [service, unixMs] of Object.entries(traces)) {
      const traceId = randomBytes(16).toString('hex');
      ids[service] = traceId;
      const span = spanRequest(service, { traceId, unixMs, attributes: { prompt } });
      assert.equal((await sendToEngine('http://127.0.0.1:4318', 'traces', span)).status, 200);
    }
    const find = async (service: 'fresh' | 'late') => {
      const seconds = Math.floor(traces[service] / 1000);
      const parameters = new URLSearchParams({
        q: `{ resource.service.name = "${service}" }`,
        start: String(seconds - 600),
        end: String(seconds + 600),
      });
      const found = await askJson<{ traces?: { traceID: string }[] }>(
        `${tempo.url}/api/search?${parameters}`,
      );
      return found.traces?.some(({ traceID }) => traceID.padStart(32, '0') === ids[service]) || undefined;
    };
    await until('the fresh trace in a search', () => find('fresh'), 10_000);
    await until('the late trace in a search of its hour', () => find('late'), 150_000);
    const { text } = await ask(`${tempo.url}/api/traces/${ids.late}`);
    assert.ok(text.includes(prompt), 'the attribute was cut');
    const { text: metrics } = await ask(`${tempo.url}/metrics`);
    assert.doesNotMatch(metrics, /^tempo_discarded_spans_total\{.*\} [1-9]/m);
  });
}
