import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SIGNALS, type Signal } from '#core/signal.ts';
import { checkRequest } from '#otlp/check.ts';
import { rewrite } from '#otlp/rewrite.ts';
import { message } from '#otlp/testing/arbitrary.ts';
import { decodeAs, encodeAs, type Plain, REQUEST_NAMES } from '#otlp/testing/reference.ts';
import { createSelect } from './select.ts';
import { attributesOf, configOf } from './testing/requests.ts';

const GROUPS: Record<Signal, readonly [string, string, string]> = {
  traces: ['resourceSpans', 'scopeSpans', 'spans'],
  logs: ['resourceLogs', 'scopeLogs', 'logRecords'],
  metrics: ['resourceMetrics', 'scopeMetrics', 'metrics'],
};
const POINTS = ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'];

type Keep = (item: Plain, resource: Plain) => boolean;

/** Children that stay; null when there were items below and none is left. */
function filtered(children: Plain[], each: (child: Plain) => { left: Plain | null; had: boolean }) {
  const results = children.map(each);
  const had = results.some((result) => result.had);
  const left = results.map((result) => result.left).filter((child) => child !== null);
  return { left, had };
}

const list = (plain: Plain, name: string) => (plain[name] ?? []) as Plain[];

function filterMetric(metric: Plain, keep: (point: Plain) => boolean): { left: Plain | null; had: boolean } {
  const kind = POINTS.find((each) => metric[each] !== undefined && metric[each] !== null);
  if (kind === undefined) return { left: metric, had: false };
  const data = metric[kind] as Plain;
  const points = list(data, 'dataPoints');
  const left = points.filter(keep);
  if (points.length > 0 && left.length === 0) return { left: null, had: true };
  return { left: { ...metric, [kind]: { ...data, dataPoints: left } }, had: points.length > 0 };
}

/** The naive model: what is left of a decoded request. */
function model(signal: Signal, request: Plain, keep: Keep): Plain {
  const [resources, scopes, items] = GROUPS[signal];
  const hasPoints = (metric: Plain) =>
    POINTS.some((kind) => list((metric[kind] ?? {}) as Plain, 'dataPoints').length);
  const isItem = (item: Plain) => signal !== 'metrics' || hasPoints(item);
  const ofScope = (resource: Plain) => (scope: Plain) => {
    const inner = filtered(list(scope, items), (item) => {
      if (signal === 'metrics') return filterMetric(item, (point) => keep(point, resource));
      return keep(item, resource) ? { left: item, had: true } : { left: null, had: true };
    });
    const isGone = inner.had && !inner.left.some(isItem);
    return { left: isGone ? null : { ...scope, [items]: inner.left }, had: inner.had };
  };
  const groups = filtered(list(request, resources), (group) => {
    const inner = filtered(list(group, scopes), ofScope((group.resource ?? {}) as Plain));
    const stays = inner.left.some((scope) => list(scope, items).some(isItem));
    return { left: inner.had && !stays ? null : { ...group, [scopes]: inner.left }, had: inner.had };
  });
  return { ...request, [resources]: groups.left };
}

const first = (plain: Plain, key: string) =>
  list(plain, 'attributes').find((each) => each.key === key)?.value as Plain | undefined;
const scalar = (value: Plain | undefined) =>
  value?.stringValue ??
  value?.intValue ??
  (value?.boolValue === undefined ? undefined : String(value.boolValue));

/** Items like the random ones of the codec's tests, more often with what the rules look for. */
const marks = fc.record(
  { a: fc.constantFrom('x', 'xy', 'y'), 'http.route': fc.constantFrom('/a', '/b') },
  { requiredKeys: [] },
);

function withMarks(signal: Signal): fc.Arbitrary<Plain> {
  const [resources, scopes, items] = GROUPS[signal];
  return fc.tuple(message(REQUEST_NAMES[signal]), fc.infiniteStream(marks)).map(([request, stream]) => {
    const mark = (plain: Plain) => {
      plain.attributes = [...attributesOf(stream.next().value), ...list(plain, 'attributes')];
    };
    for (const group of list(request, resources)) {
      group.resource ??= {};
      mark(group.resource as Plain);
      for (const scope of list(group, scopes))
        for (const item of list(scope, items))
          if (signal !== 'metrics') mark(item);
          else
            for (const kind of POINTS)
              for (const point of list((item[kind] ?? {}) as Plain, 'dataPoints')) mark(point);
    }
    return request;
  });
}

for (const signal of SIGNALS) {
  const name = REQUEST_NAMES[signal];

  test(`of random ${signal} exactly what drop rules match is gone, and all else as it was`, () => {
    const config = configOf({
      drop: [
        { name: 'one', match: { a: 'x*' } },
        { name: 'two', match: { 'resource.a': 'y', 'http.route': ['/a', '/c'] } },
      ],
    });
    const select = createSelect(config, { random: () => 0, monotonicMs: () => 0 });
    const keep: Keep = (item, resource) => {
      const a = scalar(first(item, 'a'));
      const route = scalar(first(item, 'http.route'));
      const isOne = typeof a === 'string' && a.startsWith('x');
      return !(isOne || (scalar(first(resource, 'a')) === 'y' && (route === '/a' || route === '/c')));
    };
    fc.assert(
      fc.property(withMarks(signal), (request) => {
        const bytes = encodeAs(name, request);
        const before = checkRequest(signal, bytes);
        assert.ok(before.ok && before.rejected === 0);
        const { dropped, edits, kept } = select.select(signal, bytes);
        const rewritten = rewrite(bytes, edits);
        assert.deepEqual(decodeAs(name, rewritten), model(signal, decodeAs(name, bytes), keep));
        const after = checkRequest(signal, rewritten);
        assert.ok(after.ok && after.items === kept);
        assert.equal(
          dropped.reduce((sum, { items }) => sum + items, kept),
          before.items,
        );
      }),
      { numRuns: 250, seed: 20260904 },
    );
  });

  test(`random ${signal} pass with all rules on, and come out well formed`, () => {
    const config = configOf({
      drop_health_checks: true,
      drop_static_files: true,
      drop: [{ name: 'a', match: { a: '*x*' } }],
      traces: { ratio: 0.5 },
      logs: { rules: [{ ratio: 0.5 }] },
      rate_limits: SIGNALS.map((each) => ({ signal: each, per_second: 1, burst: 4 })),
    });
    let nowMs = 0;
    const select = createSelect(config, { random: () => 0.6, monotonicMs: () => (nowMs += 500) });
    fc.assert(
      fc.property(message(name), (request) => {
        const bytes = encodeAs(name, request);
        const { edits, kept } = select.select(signal, bytes);
        const after = checkRequest(signal, rewrite(bytes, edits));
        assert.ok(after.ok && after.items === kept && after.rejected === 0);
      }),
      { numRuns: 250, seed: 20260905 },
    );
  });
}
