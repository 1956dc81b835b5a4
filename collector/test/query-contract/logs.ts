import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stringifyExact } from '#core/exact-json.ts';
import type { LogsPage } from '#query/log-results.ts';
import type { LogFilters } from '#query/requests.ts';
import { type LogInput, logsPayload, SECOND, type ValueMap } from '#test/support/otlp-payload.ts';
import { NEVER } from '#test/support/temp-store.ts';
import { fromOf, logFilters, type OpenBackend, type QueryBackend, RUN_KEY } from './backend.ts';
import { createIds } from './ids.ts';

function rangeOf({ epoch }: QueryBackend) {
  return { from: epoch - 100n * SECOND, to: epoch + 100n * SECOND };
}

function find(
  backend: QueryBackend,
  filters: Partial<LogFilters> = {},
  page = { limit: 100, cursor: null as string | null },
): Promise<LogsPage> {
  return backend.query.logs({ range: rangeOf(backend), filters: logFilters(backend, filters), page }, NEVER);
}

/** Bodies as JSON text. */
async function bodies(backend: QueryBackend, filters: Partial<LogFilters>): Promise<string[]> {
  return (await find(backend, filters)).logs.map((log) => stringifyExact(log.body));
}

/** Logs with rising times, so that answers have them in reverse. */
async function keep(backend: QueryBackend, ...logs: LogInput[]): Promise<void> {
  const timed = logs.map((log, n) => ({ time: backend.epoch + BigInt(n), ...log }));
  await backend.accept(logsPayload(fromOf(backend, { service: 'shop', resource: { place: 'h1' } }), timed));
}

/** What a list of log records must do, whoever keeps them. */
export function logsContract(open: OpenBackend): void {
  test('words are found in any case, with quotes, line ends, backslashes and letters beyond ASCII', async (context) => {
    const backend = await open(context);
    const texts = [
      'He said "Stop"',
      'first\nSecond line',
      'C:\\Temp\\x',
      'Größe ÄNDERN',
      'ΟΔΟΣ',
      '日本語のログ',
      '50% _off (a|b)',
    ];
    await keep(backend, ...texts.map((body) => ({ body })));
    const cases: [string, string[]][] = [
      ['STOP', ['He said "Stop"']],
      ['said "stop"', ['He said "Stop"']],
      ['\nsecond', ['first\nSecond line']],
      ['c:\\temp', ['C:\\Temp\\x']],
      ['GRÖSSE', []],
      ['größe änd', ['Größe ÄNDERN']],
      ['ΟΔΟΣ', ['ΟΔΟΣ']],
      ['οδοσ', ['ΟΔΟΣ']],
      ['本語', ['日本語のログ']],
      ['%', ['50% _off (a|b)']],
      ['_', ['50% _off (a|b)']],
      ['(A|B)', ['50% _off (a|b)']],
      ['.*', []],
      ['"} | line_format "x', []],
    ];
    for (const [word, found] of cases) {
      const expected = found.map((text) => JSON.stringify(text));
      assert.deepEqual(await bodies(backend, { words: [word] }), expected, word);
    }
  });

  test('all words must be there; where they are looked for is told', async (context) => {
    const backend = await open(context);
    const { eventNames, logBody, wordsInAttributes } = backend.keeps;
    const nested = { nested: ['payment', { deep: 'refused' }] };
    await keep(
      backend,
      { body: 'payment failed', attributes: { 'user.name': 'Zoë' } },
      { body: nested, more: { eventName: 'Card.Declined' } },
    );
    const first = logBody('payment failed');
    const second = logBody(nested);
    assert.equal((await find(backend)).wordsIn, wordsInAttributes ? 'body_and_attributes' : 'body');
    assert.deepEqual(await bodies(backend, { words: ['payment'] }), [second, first]);
    assert.deepEqual(await bodies(backend, { words: ['PAYMENT', 'failed'] }), [first]);
    assert.deepEqual(await bodies(backend, { words: ['payment', 'missing'] }), []);
    assert.deepEqual(await bodies(backend, { words: ['PAYMENT', 'zoë'] }), wordsInAttributes ? [first] : []);
    assert.deepEqual(
      await bodies(backend, { words: ['payment', 'refused', 'card.declined'] }),
      eventNames ? [second] : [],
    );
  });

  test('filters by service, severity and worse, trace, span and attributes', async (context) => {
    const backend = await open(context);
    const trace = `00${createIds()(1).slice(2)}`;
    await keep(
      backend,
      { body: 'info', severity: 9, trace, span: 'f000000000000001' },
      { body: 'warn', severity: 13, trace, attributes: { 'a.b': 'x', n: 7n, '1st': 'y' } },
      { body: 'fatal', severity: 24, attributes: { 'a b': 'say "hi"\n' } },
      { body: 'none' },
    );
    await backend.accept(
      logsPayload(fromOf(backend, { service: 'bank' }), [
        { body: 'bank', severity: 17, time: backend.epoch },
      ]),
    );
    const found = async (filters: Partial<LogFilters>) =>
      (await bodies(backend, filters)).map((body) => JSON.parse(body) as string);
    const attribute = (key: string, value: string) => found({ attributes: [{ key, value }] });
    assert.deepEqual(await found({ service: 'bank' }), ['bank']);
    assert.deepEqual(await found({ minSeverity: 13, service: 'shop' }), ['fatal', 'warn']);
    assert.deepEqual(await found({ minSeverity: 14, service: 'shop' }), ['fatal']);
    assert.deepEqual(await found({ traceId: trace }), ['warn', 'info']);
    assert.deepEqual(await found({ spanId: 'f000000000000001' }), ['info']);
    assert.deepEqual(await attribute('a.b', 'x'), ['warn']);
    assert.deepEqual(await attribute('n', '7'), ['warn']);
    assert.deepEqual(await attribute('1st', 'y'), ['warn']);
    assert.deepEqual(await attribute('a b', 'say "hi"\n'), ['fatal']);
    assert.deepEqual(await attribute('missing', ''), []);
    assert.deepEqual(await attribute('a.b', 'x" or a_b!="'), []);
    assert.deepEqual(await found({ attributes: [{ key: 'place', value: 'h1' }], minSeverity: 9 }), [
      'fatal',
      'warn',
      'info',
    ]);
  });

  test('pages have every record once, newest first, also when all have the same time', async (context) => {
    const backend = await open(context);
    const count = 41;
    const records = Array.from({ length: count }, (_, n) => ({
      body: BigInt(n),
      time: backend.epoch + BigInt(n >> 4),
    }));
    await keep(backend, ...records);
    let order: number[] | null = null;
    for (const limit of [100, 1, 7, 16, 40, 41]) {
      const found: number[] = [];
      let cursor: string | null = null;
      do {
        const page: LogsPage = await find(backend, {}, { limit, cursor });
        assert.ok(page.logs.length <= limit && page.logs.length > 0);
        found.push(...page.logs.map((log) => Number(JSON.parse(stringifyExact(log.body)))));
        cursor = page.nextCursor;
      } while (cursor !== null);
      order ??= found;
      assert.deepEqual(found, order, `pages of ${limit}`);
    }
    const newestFirst = order!.map((n) => n >> 4);
    assert.deepEqual(
      newestFirst,
      newestFirst.toSorted((a, b) => b - a),
    );
    assert.deepEqual(
      order!.toSorted((a, b) => a - b),
      records.map((_, n) => n),
    );
  });

  test('a cursor of something else is refused', async (context) => {
    const backend = await open(context);
    for (const cursor of ['x', '', 'MTIz', Buffer.from('1:x').toString('base64url')]) {
      await assert.rejects(find(backend, {}, { limit: 1, cursor }), /cursor/);
    }
  });

  test('a record comes back with times to the nanosecond and what is kept of its values', async (context) => {
    const backend = await open(context);
    const trace = createIds()(1);
    const { epoch, keeps } = backend;
    const attributes: ValueMap = { 'user.name': 'Zoë', code: 500n, list: ['a', 1n], ok: true };
    const resource: ValueMap = { 'service.name': 'shop', 'host.name': 'h1' };
    await backend.accept(
      logsPayload({ resource: { ...resource, [RUN_KEY]: backend.run }, scope: 'lib' }, [
        {
          time: epoch + 123_456_789n,
          body: 'text',
          severity: 17,
          trace,
          span: 'b'.repeat(16),
          attributes: { ...attributes, [RUN_KEY]: backend.run },
          more: {
            severityText: 'Err',
            observedTimeUnixNano: epoch + 200n,
            flags: 1,
            droppedAttributesCount: 2,
          },
        },
      ]),
    );
    const [log] = (await find(backend)).logs;
    const { attributes: own, body, id, resource: origin, scope, ...fields } = log!;
    assert.match(id, /^[0-9a-f-]+$/);
    assert.equal((await find(backend)).logs[0]!.id, id);
    assert.deepEqual(fields, {
      timeUnixNano: String(epoch + 123_456_789n),
      observedTimeUnixNano: String(epoch + 200n),
      severityNumber: 17,
      severityText: 'Err',
      service: 'shop',
      eventName: '',
      traceId: trace,
      spanId: 'b'.repeat(16),
      flags: 1,
      droppedAttributesCount: 2,
    });
    assert.equal(stringifyExact(body), '"text"');
    assert.equal(scope.name, 'lib');
    const marked = { ...attributes, [RUN_KEY]: backend.run };
    assert.deepEqual(JSON.parse(stringifyExact(own)), keeps.logAttributes(marked));
    const kept = JSON.parse(stringifyExact(origin.attributes)) as Record<string, unknown>;
    for (const [key, value] of Object.entries(keeps.logAttributes(resource)))
      assert.equal(kept[key], value, key);
  });

  test('a record without service, trace, body or time says so', async (context) => {
    const backend = await open(context);
    const { keeps } = backend;
    await backend.accept(logsPayload(fromOf(backend), [{}]));
    const { from, to } = rangeOf(backend);
    const range = { from, to: to + 3600n * SECOND };
    const request = { range, filters: logFilters(backend), page: { limit: 1, cursor: null } };
    const [log] = (await backend.query.logs(request, NEVER)).logs;
    const { attributes, body, id: _id, resource: _resource, scope: _scope, timeUnixNano, ...fields } = log!;
    assert.equal(stringifyExact(body), keeps.logBody(null));
    const mark = keeps.resourceInAttributes ? keeps.logAttributes({ [RUN_KEY]: backend.run }) : {};
    assert.deepEqual(JSON.parse(stringifyExact(attributes)), mark);
    const isArrival = BigInt(timeUnixNano) > from;
    assert.equal(timeUnixNano === '0', keeps.timeOfTimeless === 'null');
    assert.equal(isArrival, keeps.timeOfTimeless === 'arrival');
    assert.deepEqual(fields, {
      observedTimeUnixNano: '0',
      severityNumber: 0,
      severityText: '',
      service: 'unknown_service',
      eventName: '',
      traceId: null,
      spanId: null,
      flags: 0,
      droppedAttributesCount: 0,
    });
  });
}
