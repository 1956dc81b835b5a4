import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { systemClock } from '#core/clock.ts';
import { EngineError } from '#query/engine-error.ts';
import { createEnginesQuery } from '#query/over-engines/engines-query.ts';
import { fromOf, logFilters } from '#test/query-contract/backend.ts';
import { createEnginesOpener } from '#test/query-contract/engines-backend.ts';
import { createIds } from '#test/query-contract/ids.ts';
import { logTailContract } from '#test/query-contract/log-tail.ts';
import { logsContract } from '#test/query-contract/logs.ts';
import { metricsContract } from '#test/query-contract/metrics.ts';
import { servicesContract } from '#test/query-contract/services.ts';
import { traceContract } from '#test/query-contract/trace.ts';
import { tracesContract } from '#test/query-contract/traces.ts';
import { startEngine } from '#test/support/engine-stack/start-engine.ts';
import { logsPayload, tracesPayload } from '#test/support/otlp-payload.ts';
import { NEVER } from '#test/support/temp-store.ts';
import { until } from '#test/support/until.ts';

/** Tempo 1.5, which tests can build, has no TraceQL; the stack's Tempo has. */
const traceQl = process.env.SIGNALBOX_TEST_TEMPO !== undefined;
const scope = { after };
const [prometheus, loki, tempo] = await Promise.all([
  startEngine('prometheus', { scope }),
  startEngine('loki', { scope }),
  startEngine('tempo', { scope }),
]);
const open = createEnginesOpener({
  tempo: tempo.url,
  tempoOtlp: 'http://127.0.0.1:4318',
  loki: loki.url,
  prometheus: prometheus.url,
  traceQl,
});

tracesContract(open, { skip: traceQl ? false : 'needs TraceQL' });
traceContract(open);
logsContract(open);
logTailContract(open);
metricsContract(open);
servicesContract(open);

test('that apps have sent something of each signal is seen', async (context) => {
  const backend = await open(context);
  const received = await backend.query.received(NEVER);
  assert.ok(received.metrics > 0 && received.logs > 0, JSON.stringify(received));
  if (traceQl) assert.ok(received.traces > 0, JSON.stringify(received));
});

test('an engine that is down is named with what to do; what the others have is still shown', async (context) => {
  const backend = await open(context);
  const trace = createIds()(1);
  const from = fromOf(backend, { service: `shop-${backend.run}` });
  await backend.accept(
    tracesPayload(from, [{ trace, span: 'a'.repeat(16), start: backend.epoch }]),
    logsPayload(from, [{ time: backend.epoch, body: 'kept', trace }]),
  );
  await loki.kill();
  const range = { from: backend.epoch, to: backend.epoch + 1000n };
  const asked = { range, filters: logFilters(backend), page: { limit: 9, cursor: null } };
  await assert.rejects(backend.query.logs(asked, NEVER), (error: EngineError) => {
    assert.ok(error instanceof EngineError);
    assert.equal(error.kind, 'unavailable');
    assert.equal(
      error.message,
      'Loki at http://127.0.0.1:3100 does not answer (ECONNREFUSED). Is it up? `docker compose ps loki`',
    );
    return true;
  });
  const detail = (await backend.query.trace(trace, NEVER))!;
  assert.equal(detail.spans.length, 1);
  assert.match(detail.logsProblem!, /Loki .* does not answer/);
  const { services } = await backend.query.services({ range, service: null, points: 1 }, NEVER);
  assert.ok(services.length > 0);
  await loki.restart();
  await until('the log of the trace', async () => {
    const again = (await backend.query.trace(trace, NEVER))!;
    return again.logs.length === 1 || undefined;
  });
});

test('a question that an engine does not take is told in its words', async (context) => {
  const backend = await open(context);
  const attributes = Array.from({ length: 3000 }, (_, n) => ({ key: `k${n}`, value: 'v'.repeat(50) }));
  const asked = {
    range: { from: backend.epoch, to: backend.epoch + 1000n },
    filters: logFilters(backend, { attributes }),
    page: { limit: 9, cursor: null },
  };
  await assert.rejects(backend.query.logs(asked, NEVER), (error: EngineError) => {
    assert.equal(error.kind, 'refused');
    assert.match(error.message, /^Loki does not take this query: .*input size too long/);
    return true;
  });
});

test('a query that takes too long ends, and so does one whose reader goes away', async () => {
  const urls = { tempo_url: tempo.url, loki_url: loki.url, prometheus_url: prometheus.url };
  const range = { from: 1n, to: systemClock() };
  const request = { range, q: null, service: null, page: { limit: 9, cursor: null } };
  const hasty = createEnginesQuery(urls, { clock: systemClock, timeoutMs: 1 });
  await assert.rejects(hasty.metrics(request, NEVER), (error: EngineError) => error.kind === 'timeout');
  const gone = new AbortController();
  const query = createEnginesQuery(urls, { clock: systemClock });
  const answer = query.metrics(request, gone.signal);
  gone.abort();
  await assert.rejects(answer, { name: 'InterruptedError' });
});
