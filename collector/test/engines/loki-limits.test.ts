import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { fitForLoki } from '#exporters/loki/fit.ts';
import { LOKI_LIMITS, type LokiLimits } from '#exporters/loki/fit-limits.ts';
import { replayLabelOf, withReplayLabel } from '#exporters/loki/replay-label.ts';
import { logsRequest, SMALL_LIMITS } from '#exporters/loki/testing/arbitrary-logs.ts';
import { createModel, type ModelAnswer } from '#exporters/loki/testing/loki-model.ts';
import { checkRequest } from '#otlp/check.ts';
import { encodeAs, type Plain } from '#otlp/testing/reference.ts';
import { ask, type EngineAnswer } from '../support/engine-stack/ask-engines.ts';
import { type Engine, startEngine } from '../support/engine-stack/start-engine.ts';
import { type Line, linesIn } from './ask-loki.ts';

const NAME = 'ExportLogsServiceRequest';
const MIB = 1024 * 1024;
const HOUR_MS = 3_600_000;

const text = (key: string, stringValue: string): Plain => ({ key, value: { stringValue } });
const nanos = (unixMs: number) => `${unixMs}000000`;

function send(loki: Engine, payload: Uint8Array): Promise<EngineAnswer> {
  const headers = { 'content-type': 'application/x-protobuf' };
  return ask(`${loki.url}/otlp/v1/logs`, { method: 'POST', headers, body: Buffer.from(payload) });
}

function found(loki: Engine, query: string): Promise<Line[]> {
  const now = Date.now();
  return linesIn(loki.url, query, { fromMs: now - 48 * HOUR_MS, toMs: now + HOUR_MS });
}

/** One thing that Loki has a limit for. */
interface Case {
  name: string;
  /** The largest that it takes. */
  most: number;
  /** What it says of one more. */
  complaint: RegExp;
  log(size: number): Plain;
  resource?(size: number): Plain[];
}

const entries = (count: number): Plain[] =>
  Array.from({ length: count }, (_, at) => ({ key: `k${at}`, value: { intValue: '7' } }));

/** Letters whose name in Loki, `a`, makes up the rest of the metadata. */
const filler = (size: number): Plain => text('a', 'm'.repeat(size - 1));

const CASES: readonly Case[] = [
  {
    name: 'bytes of a line',
    most: MIB,
    complaint: /max entry size '1048576' bytes exceeded/,
    log: (size) => ({ body: { stringValue: 'x'.repeat(size) } }),
  },
  {
    name: 'bytes of a line that is JSON',
    most: MIB,
    complaint: /max entry size '1048576' bytes exceeded/,
    // ["…"] with a line feed that JSON writes as two characters.
    log: (size) => ({ body: { arrayValue: { values: [{ stringValue: `\n${'x'.repeat(size - 6)}` }] } } }),
  },
  {
    name: 'bytes of structured metadata',
    most: 256 * 1024,
    complaint: /structured metadata too large/,
    log: (size) => ({ body: { stringValue: 'short' }, attributes: [filler(size)] }),
  },
  {
    name: 'bytes of metadata of a resource',
    most: 256 * 1024,
    complaint: /structured metadata too large/,
    log: () => ({ body: { stringValue: 'short' } }),
    resource: (size) => [filler(size)],
  },
  {
    name: 'entries of structured metadata',
    most: 512,
    complaint: /too many structured metadata labels/,
    log: (size) => ({ body: { stringValue: 'short' }, attributes: entries(size) }),
  },
  {
    name: 'entries of structured metadata in one map',
    most: 512,
    complaint: /too many structured metadata labels/,
    log: (size) => ({
      body: { stringValue: 'short' },
      attributes: [{ key: 'map', value: { kvlistValue: { values: entries(size) } } }],
    }),
  },
  {
    name: 'bytes of a label',
    most: 2048,
    complaint: /has label value too long/,
    log: () => ({ body: { stringValue: 'short' } }),
    resource: (size) => [text('service.namespace', 'n'.repeat(size))],
  },
];

/** A request with one record, and a service of its own by which it is found. */
function requestOf({ log, resource }: Case, of: { service: string; size: number }): Uint8Array {
  const logRecord = { timeUnixNano: nanos(Date.now()), ...log(of.size) };
  const attributes = [text('service.name', of.service), ...(resource?.(of.size) ?? [])];
  return encodeAs(NAME, {
    resourceLogs: [{ resource: { attributes }, scopeLogs: [{ logRecords: [logRecord] }] }],
  });
}

test('each limit is where we think it is, and what is beyond is taken when it is fitted', async (t) => {
  const loki = await startEngine('loki', { scope: t });
  for (const [index, each] of CASES.entries()) {
    const { complaint, most, name } = each;
    for (const size of [most - 1, most]) {
      const service = `within-${index}-${size}`;
      const payload = requestOf(each, { service, size });
      assert.equal(fitForLoki(payload, LOKI_LIMITS).payload, payload, `${name}: ${size} needs nothing`);
      assert.equal((await send(loki, payload)).status, 204, `${name}: ${size}`);
      assert.equal((await found(loki, `{service_name="${service}"}`)).length, 1, `${name}: ${size}`);
    }
    const service = `beyond-${index}`;
    const payload = requestOf(each, { service, size: most + 1 });
    const { status, text: reason } = await send(loki, payload);
    assert.equal(status, 400, `${name}: ${most + 1} is too much`);
    assert.match(reason, complaint, name);
    const fitted = fitForLoki(payload, LOKI_LIMITS);
    assert.equal(fitted.trimmed + fitted.moved, 1, name);
    assert.equal((await send(loki, fitted.payload)).status, 204, `${name}: fitted`);
    const mark = fitted.trimmed === 1 ? 'signalbox_trimmed' : 'signalbox_moved';
    const lines = await found(loki, `{service_name="${service}"} | ${mark}="true"`);
    assert.equal(lines.length, 1, `${name}: found by its mark`);
    assert.ok(Buffer.byteLength(lines[0]!.body) <= MIB);
  }
});

const nan = { doubleValue: Number.NaN };

/** What makes Loki refuse whole requests, whatever its limits; with the resource when that is at fault. */
const ODD: readonly { name: string; complaint: RegExp; log: Plain; resource?: Plain[] }[] = [
  {
    name: 'a key without a Latin letter',
    complaint: /label name/,
    log: { attributes: [text('\u7528\u6237', 'eve')] },
  },
  { name: 'an empty key', complaint: /label name is empty/, log: { attributes: [text('', 'eve')] } },
  {
    name: 'an id of a wrong length',
    complaint: /invalid TraceID length/,
    log: { traceId: Buffer.alloc(15, 1) },
  },
  {
    name: 'U+FFFD in a label',
    complaint: /invalid UTF-8 rune/,
    log: {},
    resource: [text('service.namespace', '\ufffd')],
  },
  {
    name: 'no label with a value',
    complaint: /at least one label pair is required/,
    log: {},
    resource: [text('service.name', '')],
  },
];

test('requests that Loki refuses as a whole are taken when they are fitted, and their lines found', async (t) => {
  const loki = await startEngine('loki', { scope: t });
  for (const [index, { complaint, log, name, resource = [] }] of ODD.entries()) {
    const service = `odd-${index}`;
    const logRecords = [{ timeUnixNano: nanos(Date.now()), body: { stringValue: 'odd' }, ...log }];
    const attributes = [text('service.name', service), ...resource];
    const payload = encodeAs(NAME, {
      resourceLogs: [{ resource: { attributes }, scopeLogs: [{ logRecords }] }],
    });
    const { status, text: reason } = await send(loki, payload);
    assert.equal(status, 400, name);
    assert.match(reason, complaint, name);
    assert.equal((await send(loki, fitForLoki(payload, LOKI_LIMITS).payload)).status, 204, name);
    assert.equal((await found(loki, `{service_name="${service}"}`)).length, 1, name);
  }
});

test('Loki empties a list with a number that JSON has not, without a word; fitted, the line has it', async (t) => {
  const loki = await startEngine('loki', { scope: t });
  const body = { arrayValue: { values: [{ stringValue: 'ratio' }, nan] } };
  const logRecords = [{ timeUnixNano: nanos(Date.now()), body }];
  const requestFor = (service: string) =>
    encodeAs(NAME, {
      resourceLogs: [
        { resource: { attributes: [text('service.name', service)] }, scopeLogs: [{ logRecords }] },
      ],
    });
  assert.equal((await send(loki, requestFor('emptied'))).status, 204);
  assert.equal((await send(loki, fitForLoki(requestFor('kept'), LOKI_LIMITS).payload)).status, 204);
  assert.deepEqual(
    (await found(loki, '{service_name="emptied"}')).map((line) => line.body),
    [''],
  );
  assert.deepEqual(
    (await found(loki, '{service_name="kept"}')).map((line) => line.body),
    ['["ratio",{"$double":"NaN"}]'],
  );
});

test('what is sent again goes to the stream of its hour, behind newer lines of its service', async (t) => {
  const loki = await startEngine('loki', { scope: t });
  const now = Date.now();
  const requestAt = (unixMs: number) =>
    encodeAs(NAME, {
      resourceLogs: [
        {
          resource: { attributes: [text('service.name', 'replayed')] },
          scopeLogs: [
            { logRecords: [{ timeUnixNano: nanos(unixMs), body: { stringValue: `at ${unixMs}` } }] },
          ],
        },
      ],
    });
  assert.equal((await send(loki, requestAt(now))).status, 204);
  for (const hours of [3, 30, 20]) {
    const unixMs = now - hours * HOUR_MS;
    const label = replayLabelOf({ maxTimeUnixMs: unixMs });
    assert.equal((await send(loki, withReplayLabel(requestAt(unixMs), label))).status, 204);
    const lines = await found(loki, `{service_name="replayed", signalbox_replay="${label}"}`);
    assert.deepEqual(
      lines.map((line) => line.body),
      [`at ${unixMs}`],
    );
  }
  assert.equal((await found(loki, '{service_name="replayed", signalbox_replay=""}')).length, 1);
});

/** The limits of the property tests, so that random requests go over them. */
function withSmallLimits(configuration: string, limits: LokiLimits): string {
  const values = {
    max_line_size: limits.maxLineBytes,
    max_structured_metadata_size: limits.maxMetadataBytes,
    max_structured_metadata_entries_count: limits.maxMetadataEntries,
    max_label_value_length: limits.maxLabelValueBytes,
    max_label_name_length: limits.maxLabelNameBytes,
  };
  const others = configuration
    .split('\n')
    .filter((line) => !Object.keys(values).some((key) => line.includes(`${key}:`)));
  const lines = Object.entries(values).map(([key, value]) => `  ${key}: ${value}`);
  return others.join('\n').replace('limits_config:\n', `limits_config:\n${lines.join('\n')}\n`);
}

const isTaken = ({ groups, refused }: ModelAnswer) =>
  refused === '' &&
  groups.every(
    (group) =>
      group.entries.length === 0 ||
      (group.refused === '' && group.entries.every((entry) => entry.refused === '')),
  );

/** Random requests of now, as the receiver stores them; those without a record are left out. */
function samples(count: number): Uint8Array[] {
  const requests = [...fc.sample(logsRequest('mild'), count), ...fc.sample(logsRequest('wild'), count)];
  return requests.flatMap((request) => {
    const now = nanos(Date.now());
    for (const log of (request.resourceLogs as Plain[]).flatMap(recordsOf)) log.timeUnixNano = now;
    const checked = checkRequest('logs', encodeAs(NAME, request));
    assert.ok(checked.ok);
    return checked.items === 0 ? [] : [checked.bytes];
  });
}

const recordsOf = ({ scopeLogs }: Plain) =>
  (scopeLogs as Plain[]).flatMap(({ logRecords }) => logRecords as Plain[]);

async function startSmall(t: TestContext): Promise<Engine> {
  return startEngine('loki', { scope: t, configPatch: (given) => withSmallLimits(given, SMALL_LIMITS) });
}

test('of random requests Loki refuses just those that our model of it does, and none that is fitted', async (t) => {
  const loki = await startSmall(t);
  const model = createModel(SMALL_LIMITS);
  const counts = { taken: 0, refused: 0 };
  for (const payload of samples(300)) {
    const expected = isTaken(model(payload));
    counts[expected ? 'taken' : 'refused']++;
    const { status, text: reason } = await send(loki, payload);
    const hex = Buffer.from(payload).toString('hex');
    assert.equal(status, expected ? 204 : 400, `${reason}: ${hex.slice(0, 4000)}`);
    const fitted = await send(loki, fitForLoki(payload, SMALL_LIMITS).payload);
    assert.equal(fitted.status, 204, `${fitted.text}: ${hex.slice(0, 4000)}`);
  }
  assert.ok(counts.taken > 10 && counts.refused > 100, JSON.stringify(counts));
});
