import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkRequest } from '#otlp/check.ts';
import { message } from '#otlp/testing/arbitrary.ts';
import { decodeAs, encodeAs, type Plain } from '#otlp/testing/reference.ts';
import { fitForLoki } from './fit.ts';
import { logsRequest, SMALL_LIMITS } from './testing/arbitrary-logs.ts';
import { createModel, type ModelAnswer } from './testing/loki-model.ts';
import { type Fate, fates } from './testing/whole.ts';

const NAME = 'ExportLogsServiceRequest';
const loki = createModel(SMALL_LIMITS);
const fitSmall = (payload: Uint8Array) => fitForLoki(payload, SMALL_LIMITS);

/** The bytes as the receiver would have stored them. */
function checked(plain: Plain): Uint8Array {
  const result = checkRequest('logs', encodeAs(NAME, plain));
  assert.ok(result.ok);
  return result.bytes;
}

const list = (plain: Plain | null | undefined, name: string) => (plain?.[name] ?? []) as Plain[];

const groupsOf = (payload: Uint8Array) => list(decodeAs(NAME, payload), 'resourceLogs');

const recordsOf = (payload: Uint8Array) =>
  groupsOf(payload).flatMap((group) =>
    list(group, 'scopeLogs').flatMap((scope) => list(scope, 'logRecords')),
  );

const reasonsOf = ({ entries, refused }: ModelAnswer['groups'][number]) =>
  [refused, ...entries.map((entry) => entry.refused)].filter((reason) => reason !== '');

const reasons = ({ groups, refused }: ModelAnswer) =>
  refused === '' ? groups.flatMap(reasonsOf) : [refused];

const hasMark = (log: Plain, mark: string) =>
  list(log, 'attributes').some(({ key }) => key === `signalbox.${mark}`);

const wild = logsRequest('wild').map(checked);
const mild = logsRequest('mild').map(checked);
const any = fc.oneof(
  { weight: 4, arbitrary: wild },
  { weight: 4, arbitrary: mild },
  { weight: 1, arbitrary: message(NAME).map(checked) },
);
const RUNS = { numRuns: 200 };

test('after fitting, Loki takes every line of every request, and empties no value', () => {
  fc.assert(
    fc.property(any, (payload) => {
      const answer = loki(fitSmall(payload).payload);
      assert.deepEqual(reasons(answer), []);
      assert.equal(answer.emptied, 0);
    }),
    RUNS,
  );
});

test('what Loki would take is given back as the very same array, and what it would not is changed', () => {
  fc.assert(
    fc.property(mild, (payload) => {
      const isTaken = reasons(loki(payload)).length === 0;
      assert.equal(fitSmall(payload).payload === payload, isTaken);
    }),
    RUNS,
  );
});

test('groups of which Loki would take every line, and lines for which nothing around them had to change, stay', () => {
  fc.assert(
    fc.property(mild, (payload) => {
      const [before, after] = [groupsOf(payload), groupsOf(fitSmall(payload).payload)];
      const { groups } = loki(payload);
      const found = fates({ resourceLogs: before }, { resourceLogs: after });
      let at = 0;
      for (const [index, group] of groups.entries()) {
        if (reasonsOf(group).length === 0) assert.deepEqual(after[index], before[index]);
        const isAroundSame = JSON.stringify(around(before[index]!)) === JSON.stringify(around(after[index]!));
        for (const { refused } of group.entries) {
          const fate = found[at++];
          if (refused !== '') assert.notEqual(fate, 'same');
          else if (isAroundSame) assert.equal(fate, 'same');
        }
      }
    }),
    RUNS,
  );
});

/** A group without its records. */
function around({ resource, scopeLogs }: Plain): unknown {
  return [resource, (scopeLogs as Plain[]).map(({ scope }) => scope)];
}

test('no record is lost or reordered, and times, severity, flags, event and good ids stay', () => {
  fc.assert(
    fc.property(any, (payload) => {
      const kept = (log: Plain) => ({
        ...log,
        body: null,
        attributes: null,
        severityText: null,
        traceId: (log.traceId as number[]).length === 16 ? log.traceId : [],
        spanId: (log.spanId as number[]).length === 8 ? log.spanId : [],
      });
      const fitted = fitSmall(payload).payload;
      assert.deepEqual(recordsOf(fitted).map(kept), recordsOf(payload).map(kept));
    }),
    RUNS,
  );
});

test('a record is counted and marked once: as trimmed when anything is missing, else as moved', () => {
  fc.assert(
    fc.property(any, (payload) => {
      const { moved, payload: fitted, trimmed } = fitSmall(payload);
      const found = fates(decodeAs(NAME, payload), decodeAs(NAME, fitted));
      const count = (fate: Fate) => found.filter((each) => each === fate).length;
      assert.deepEqual({ moved, trimmed }, { moved: count('whole'), trimmed: count('cut') });
      for (const [at, log] of recordsOf(fitted).entries()) {
        assert.equal(hasMark(log, 'trimmed'), found[at] === 'cut');
        if (found[at] === 'whole') assert.ok(hasMark(log, 'moved'));
        if (found[at] === 'same') assert.ok(!hasMark(log, 'moved'));
      }
    }),
    RUNS,
  );
});

test('the result is a valid request with as many items, and fits when it is fitted again', () => {
  fc.assert(
    fc.property(any, (payload) => {
      const fitted = fitSmall(payload);
      const [before, after] = [checkRequest('logs', payload), checkRequest('logs', fitted.payload)];
      assert.ok(before.ok && after.ok);
      assert.deepEqual([after.rejected, after.items], [0, before.items]);
      assert.deepEqual(fitSmall(fitted.payload), { ...fitted, trimmed: 0, moved: 0 });
    }),
    RUNS,
  );
});

test('the bytes that Loki counts are those of its lines and their metadata', () => {
  fc.assert(
    fc.property(mild, (payload) => {
      const fitted = fitSmall(payload);
      const entries = loki(fitted.payload).groups.flatMap((group) => group.entries);
      const texts = entries.flatMap(({ line, metadata }) => [line, ...metadata.flat()]);
      const sum = texts.reduce((bytes, text) => bytes + Buffer.byteLength(text), 0);
      assert.equal(fitted.lokiBytes, sum);
    }),
    RUNS,
  );
});

test('whatever the bytes are, it ends and does not throw', () => {
  const broken = fc.tuple(wild, fc.nat(), fc.uint8Array({ maxLength: 12 })).map(([payload, at, junk]) => {
    const bytes = Uint8Array.from(payload);
    if (bytes.length > 0)
      bytes.set(junk.subarray(0, bytes.length), at % Math.max(1, bytes.length - junk.length));
    return bytes;
  });
  fc.assert(
    fc.property(fc.oneof(broken, fc.uint8Array({ maxLength: 200 })), (payload) => {
      assert.ok(fitSmall(payload).payload instanceof Uint8Array);
    }),
    { numRuns: RUNS.numRuns * 5 },
  );
});
