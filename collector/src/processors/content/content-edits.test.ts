import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Signal } from '#core/signal.ts';
import { checkRequest } from '#otlp/check.ts';
import { rewrite } from '#otlp/rewrite.ts';
import { SPOT_STRIDE } from '#otlp/spots.ts';
import { decodeAs, encodeAs, type Plain, REQUEST_NAMES } from '#otlp/testing/reference.ts';
import { classOfEvent, classOfKey } from '../keys/key-class.ts';
import { CONTENT_MODES, type ContentMode } from './config.ts';
import { type ContentEdits, contentEdits } from './content-edits.ts';
import { MODE_KEY } from './content-mode.ts';
import { CONTENT, CONTENT_EVENTS } from './testing/dialects.ts';
import { editGroups } from './testing/edit-groups.ts';
import { spotsOf } from './testing/spots-of.ts';

type Attribute = { key: string; value?: Plain | undefined };

const text = (key: string, stringValue = `of ${key}`): Attribute => ({ key, value: { stringValue } });
const number = (key: string, intValue: number): Attribute => ({ key, value: { intValue } });
const list = (key: string, ...values: Attribute[]): Attribute => ({
  key,
  value: { kvlistValue: { values } },
});
const span = (attributes: Attribute[], more: Plain = {}): Plain => ({
  traceId: Buffer.alloc(16, 1),
  spanId: Buffer.alloc(8, 2),
  name: 'chat',
  attributes,
  ...more,
});
const ofService = (name: string) => ({ attributes: [text('service.name', name)] });
const traces = (spans: Plain[], service = 'shop'): Plain => ({
  resourceSpans: [{ resource: ofService(service), scopeSpans: [{ spans }] }],
});
const logs = (logRecords: Plain[]): Plain => ({
  resourceLogs: [{ resource: ofService('shop'), scopeLogs: [{ logRecords }] }],
});

interface Ran extends ContentEdits {
  bytes: Uint8Array;
  /** Of all items, in order. */
  items: { keys: string[]; marks: string[]; body: unknown; events: string[][] }[];
}

function edit(signal: Signal, request: Plain, modeOf: (service: string) => ContentMode): Ran {
  return editBytes(signal, encodeAs(REQUEST_NAMES[signal], request), modeOf);
}

function editBytes(signal: Signal, bytes: Uint8Array, modeOf: (service: string) => ContentMode): Ran {
  const result = editGroups(signal, bytes, { modeOf });
  const after = rewrite(bytes, result.edits);
  const before = checkRequest(signal, bytes);
  const checked = checkRequest(signal, after);
  assert.ok(before.ok && checked.ok && checked.rejected === 0 && checked.items === before.items);
  return { ...result, bytes, items: itemsOf(decodeAs(REQUEST_NAMES[signal], after)) };
}

const keysOf = (attributes: unknown) => (attributes as Attribute[]).map(({ key }) => key);

function itemsOf(request: Plain): Ran['items'] {
  const groups = (Object.values(request)[0] as Plain[]).flatMap(
    (group) => (group.scopeSpans ?? group.scopeLogs) as Plain[],
  );
  return groups
    .flatMap((scope) => (scope.spans ?? scope.logRecords) as Plain[])
    .map((item) => {
      const attributes = item.attributes as { key: string; value: { stringValue: string } }[];
      return {
        keys: keysOf(attributes).filter((key) => key !== MODE_KEY),
        marks: attributes.filter(({ key }) => key === MODE_KEY).map(({ value }) => value.stringValue),
        body: item.body,
        events: ((item.events ?? []) as Plain[]).map((event) => keysOf(event.attributes)),
      };
    });
}

const keptTexts = ({ bytes, kept }: Ran) =>
  kept.map(({ start, end }) => decodeAs('AnyValue', bytes.subarray(start, end)).stringValue);
const always = (mode: ContentMode) => () => mode;

for (const [dialect, keys] of Object.entries(CONTENT)) {
  test(`content of ${dialect} goes, stays for redaction, or stays as it came`, () => {
    const around = [text('gen_ai.request.model'), ...keys.map((key) => text(key)), number('tokens', 3)];
    for (const [signal, request] of [
      ['traces', traces([span(around)])],
      ['logs', logs([{ attributes: around }])],
    ] as const) {
      const stripped = edit(signal, request, always('metadata'));
      assert.deepEqual(stripped.items[0]!.keys, ['gen_ai.request.model', 'tokens']);
      assert.deepEqual(stripped.items[0]!.marks, ['metadata']);
      assert.deepEqual([stripped.stripped, stripped.kept.length], [keys.length, 0]);

      const redacted = edit(signal, request, always('redacted'));
      assert.deepEqual(redacted.items[0]!.keys, keysOf(around));
      assert.deepEqual(redacted.items[0]!.marks, ['redacted']);
      assert.deepEqual([redacted.stripped, redacted.kept.length], [0, 0]);

      const full = edit(signal, request, always('full'));
      assert.deepEqual(full.items[0]!.keys, keysOf(around));
      assert.deepEqual(full.items[0]!.marks, ['full']);
      assert.equal(full.stripped, 0);
      assert.deepEqual(
        keptTexts(full),
        keys.map((key) => `of ${key}`),
      );
    }
  });
}

test('what has no content is not touched and its service is not asked for', () => {
  const neverAsked = (): ContentMode => assert.fail('asked');
  const { edits } = edit(
    'traces',
    traces([span([text('http.route')], { events: [{ name: 'x' }] })]),
    neverAsked,
  );
  assert.deepEqual(edits, []);
  assert.deepEqual(edit('logs', logs([{ attributes: [text('event.name', 'login')] }]), neverAsked).edits, []);
});

test('of an event of a message only what says nothing is left', () => {
  const attributes = [
    text('gen_ai.system'),
    text('role'),
    text('content'),
    list('message', text('content')),
    { key: 'tool_calls', value: { arrayValue: { values: [{ stringValue: 'x' }] } } },
    text('prompt'),
    text('gen_ai.event.content'),
    number('index', 0),
    number('prompt_length', 4),
  ];
  const left = ['gen_ai.system', 'role', 'index', 'prompt_length'];
  for (const name of CONTENT_EVENTS) {
    const events = [
      { name: 'first', attributes: [text('content')] },
      { attributes, name },
      { attributes, name },
    ];
    const request = traces([span([], { events, links: [{ attributes: [text('content')] }] })]);
    const { items, stripped } = edit('traces', request, always('metadata'));
    assert.deepEqual(items[0]!.events, [['content'], left, left], name);
    assert.deepEqual([items[0]!.marks, stripped], [['metadata'], 10]);
  }
});

test('a log record of a message loses its body, by its name or by the older attribute', () => {
  const attributes = [text('role'), text('content'), text('log.record.original'), text('gen_ai.system')];
  const body = { kvlistValue: { values: [text('content')] } };
  for (const name of CONTENT_EVENTS) {
    const request = logs([
      { eventName: name, body, attributes },
      { body, attributes: [...attributes, text('event.name', name)] },
      { body, eventName: 'login', attributes: [text('role')] },
    ]);
    const { items, stripped } = edit('logs', request, always('metadata'));
    assert.deepEqual(items[0], {
      keys: ['role', 'gen_ai.system'],
      marks: ['metadata'],
      body: null,
      events: [],
    });
    assert.equal(items[1]!.body, null);
    assert.deepEqual(items[1]!.keys, ['role', 'gen_ai.system', 'event.name']);
    assert.deepEqual([items[2]!.keys, items[2]!.marks], [['role'], []]);
    assert.ok(items[2]!.body);
    assert.equal(stripped, 6);

    const full = edit('logs', request, always('full'));
    assert.equal(full.kept.length, 6);
    assert.ok(full.items[0]!.body);
  }
});

test('content inside of other values goes as well, and is counted once', () => {
  const inner = list('state', text('a'), text('gen_ai.input.messages', 'hello'));
  const outer = list('gen_ai.output.messages', text('gen_ai.prompt'), text('gen_ai.completion'));
  const request = traces([span([inner, outer])]);
  const { items, stripped, bytes, edits } = edit('traces', request, always('metadata'));
  assert.deepEqual(items[0]!.keys, ['state']);
  assert.equal(stripped, 2);
  assert.ok(!Buffer.from(rewrite(bytes, edits)).includes('hello'));
  const { kept } = edit('traces', request, always('full'));
  assert.equal(kept.length, 2);
  assert.ok(kept[0]!.end < kept[1]!.start);
});

test('the mark that a sender wrote gives way to ours', () => {
  for (const mode of CONTENT_MODES) {
    const sent = [
      text(MODE_KEY, 'full'),
      text('input.value'),
      text(MODE_KEY, 'x'),
      list('a', text(MODE_KEY)),
    ];
    const { items } = edit('traces', traces([span(sent)]), always(mode));
    assert.deepEqual(items[0]!.marks, [mode]);
  }
});

test('a mark stays where there is no content, as of a collector before', () => {
  const { edits } = edit('traces', traces([span([text(MODE_KEY, 'metadata')])]), always('full'));
  assert.deepEqual(edits, []);
});

test('to clean what is clean changes nothing but the mark, which stays the same', () => {
  const request = traces([span([text('input.value'), text('a')])]);
  const first = edit('traces', request, always('redacted'));
  const cleaned = rewrite(first.bytes, first.edits);
  const again = editBytes('traces', cleaned, always('redacted'));
  assert.deepEqual(Buffer.from(rewrite(again.bytes, again.edits)), Buffer.from(cleaned));
});

test('the mark goes in where the first field of an item is cut', () => {
  const bytes = encodeAs('LogRecord', { attributes: [text('input.value'), text('a')] });
  assert.equal(bytes[0], 0x32);
  const { items } = edit(
    'logs',
    logs([{ attributes: [text('input.value'), text('a')] }]),
    always('metadata'),
  );
  assert.deepEqual([items[0]!.keys, items[0]!.marks], [['a'], ['metadata']]);
});

test('each service is treated in its own mode', () => {
  const content = () => ({
    scopeSpans: [{ spans: [span([text('input.value')]), span([text('output.value')])] }],
  });
  const resourceSpans = ['a', 'b', 'c'].map((name) => ({ resource: ofService(name), ...content() }));
  const byService: Record<string, ContentMode> = { a: 'full', b: 'metadata', c: 'redacted' };
  const { items, kept } = edit('traces', { resourceSpans }, (service) => byService[service]!);
  assert.deepEqual(
    items.map(({ marks }) => marks[0]),
    ['full', 'full', 'metadata', 'metadata', 'redacted', 'redacted'],
  );
  assert.equal(kept.length, 2);
});

test('resources that follow one another are each treated in their own mode', () => {
  const resource = (name: string) => ({
    resource: { attributes: [text('service.name', name), text('input.value', `told ${name}`)] },
  });
  const resourceSpans = ['a', 'b', 'c', 'd'].map(resource);
  const bytes = encodeAs(REQUEST_NAMES.traces, { resourceSpans });
  const modeOf = (service: string) => (service === 'b' || service === 'd' ? 'metadata' : 'full');
  const { edits, kept, stripped } = editGroups('traces', bytes, { modeOf });
  assert.deepEqual([stripped, kept.length], [2, 2]);
  const after = Buffer.from(rewrite(bytes, edits));
  assert.deepEqual(
    ['told a', 'told b', 'told c', 'told d'].map((told) => after.includes(told)),
    [true, false, true, false],
  );
});

test('the mode of a group is asked for once', () => {
  let asked = 0;
  const modeOf = (): ContentMode => {
    asked++;
    return 'redacted';
  };
  edit('traces', traces(Array.from({ length: 20 }, () => span([text('input.value')]))), modeOf);
  assert.equal(asked, 1);
});

test('content in a resource, a scope or a data point goes without a mark', () => {
  const content = [text('a'), text('input.value')];
  const resource = { attributes: [text('service.name', 'shop'), ...content] };
  const dataPoints = [{ asInt: 1, attributes: content, exemplars: [{ filteredAttributes: content }] }];
  const scopeMetrics = [{ scope: { attributes: content }, metrics: [{ name: 'm', gauge: { dataPoints } }] }];
  const bytes = encodeAs(REQUEST_NAMES.metrics, { resourceMetrics: [{ resource, scopeMetrics }] });
  const { edits, stripped } = editGroups('metrics', bytes, { modeOf: always('metadata') });
  const after = rewrite(bytes, edits);
  const checked = checkRequest('metrics', after);
  assert.ok(checked.ok && checked.rejected === 0);
  assert.equal(stripped, 4);
  assert.ok(!Buffer.from(after).includes('input.value') && !Buffer.from(after).includes(MODE_KEY));
});

test('without an answer for a service its content goes', () => {
  const request = traces([span([text('input.value')])]);
  const failing = (): ContentMode => {
    throw new Error('no answer');
  };
  for (const modeOf of [
    failing,
    () => 'everything' as ContentMode,
    () => undefined as unknown as ContentMode,
  ]) {
    const { items } = edit('traces', request, modeOf);
    assert.deepEqual([items[0]!.keys, items[0]!.marks], [[], ['metadata']]);
  }
});

test('a value that is absent, and an event of numbers only, are no trouble', () => {
  const request = traces([
    span([{ key: 'input.value' }, { key: 'output.value', value: {} }]),
    span([], { events: [{ name: 'gen_ai.choice', attributes: [number('content', 1), { key: 'message' }] }] }),
  ]);
  const { items, kept } = edit('traces', request, always('full'));
  assert.deepEqual([items[0]!.marks, items[1]!.marks, kept.length], [['full'], [], 0]);
});

test('only the given part of the spots is looked at', () => {
  const bytes = encodeAs(
    REQUEST_NAMES.traces,
    traces([span([text('input.value')]), span([text('input.value')])]),
  );
  const spots = spotsOf(bytes, 'traces', { ofKey: classOfKey, ofEvent: classOfEvent });
  const input = { signal: 'traces', bytes, spots } as const;
  const half = contentEdits({ ...input, from: spots.length / 2, to: spots.length }, always('metadata'));
  assert.equal(half.stripped, 1);
});

test('many events in one span are found in one pass', () => {
  const events = Array.from({ length: 50_000 }, () => ({
    name: 'gen_ai.choice',
    attributes: [text('content')],
  }));
  const bytes = encodeAs(REQUEST_NAMES.traces, traces([span([], { events })]));
  const { stripped } = editGroups('traces', bytes, { modeOf: always('metadata') });
  assert.equal(stripped, 50_000);
});

test('content of many groups is found without a walk over those before', () => {
  const count = 20_000;
  const resourceSpans = Array.from({ length: count }, (_, i) => ({
    resource: ofService(`service ${i % 2}`),
    scopeSpans: [{ spans: [span([text('gen_ai.prompt')])] }],
  }));
  const { items, kept, stripped } = edit('traces', { resourceSpans }, (service) =>
    service === 'service 0' ? 'metadata' : 'full',
  );
  assert.deepEqual([items.length, stripped, kept.length], [count, count / 2, count / 2]);
  assert.ok(items.every(({ marks }, i) => marks[0] === (i % 2 === 0 ? 'metadata' : 'full')));
});

test('of a group only its own bytes are read', () => {
  const group = { resource: ofService('shop'), scopeSpans: [{ spans: [span([text('gen_ai.prompt')])] }] };
  const one = encodeAs(REQUEST_NAMES.traces, { resourceSpans: [group] });
  const bytes = Buffer.concat([Buffer.alloc(one.length, 0xff), one]);
  const spots = spotsOf(one, 'traces', { ofKey: classOfKey, ofEvent: classOfEvent });
  assert.equal(spots.length, SPOT_STRIDE);
  for (const place of [1, 2, 3, 7]) spots[place]! += one.length;
  const input = { signal: 'traces', bytes, spots, from: 0, to: spots.length } as const;
  assert.equal(contentEdits(input, always('metadata')).stripped, 1);
});
