import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SIGNALS } from '#core/signal.ts';
import type { TryOutInput, TryOutResult } from '#core/try-out.ts';
import { protobufToJson } from '#otlp/protobuf-to-json.ts';
import { message } from '#otlp/testing/arbitrary.ts';
import { encodeAs, REQUEST_NAMES } from '#otlp/testing/reference.ts';
import { processorsConfig, RECEIVED_UNIX_NANO, type Settings } from './testing/process-request.ts';
import { createTryOut } from './try-out.ts';

const MARKED = '[redacted:email]';

function start(settings: Settings = {}) {
  const config = processorsConfig({ enrich: { unknown_service: false }, ...settings });
  const made = createTryOut(config, { hashKey: 'a key for tests only', clock: () => RECEIVED_UNIX_NANO });
  const tryOut = (text: string, more: Partial<TryOutInput> = {}) =>
    made.tryOut({ text, service: 'shop', key: '', ...more });
  return { ...made, tryOut };
}

function done(result: TryOutResult) {
  assert.ok(result.ok, result.ok ? '' : result.message);
  return result;
}

const request = (records: object[]) =>
  JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: records }] }] });

test('plain text is tried as the body of a log record', () => {
  const { tryOut } = start();
  assert.deepEqual(tryOut('mail ada@example.com, then bob@example.com'), {
    ok: true,
    signal: null,
    before: 'mail ada@example.com, then bob@example.com',
    after: `mail ${MARKED}, then ${MARKED}`,
    changes: [{ processor: 'redact', rule: 'email', action: 'redacted', count: 2 }],
    warning: '',
  });
});

test('text that holds nothing comes out as it went in, JSON that is no request too', () => {
  const { tryOut } = start();
  for (const text of [
    '',
    'order placed',
    '{"a":1}',
    '[]',
    'null',
    '"x"',
    '{"resourceSpan":[]}',
    '{',
    'a\u0000b\n',
  ]) {
    const { after, before, changes, signal } = done(tryOut(text));
    assert.deepEqual([after, before, changes, signal], [text, text, [], null]);
  }
});

test('with a key the text is the value of that attribute', () => {
  const { hash, tryOut } = start();
  assert.equal(done(tryOut('u-17', { key: 'user.id' })).after, hash('u-17'));
  assert.match(hash('u-17'), /^hmac:[0-9a-f]{32}$/);
  assert.equal(done(tryOut('x', { key: 'db.password' })).after, '[redacted:credential]');
  assert.equal(done(tryOut('x', { key: 'colour' })).after, 'x');
});

test('nothing is left of an attribute that content modes take out, and of a record that is dropped', () => {
  const { tryOut } = start({
    content: { mode: 'metadata' },
    sample: { drop: [{ name: 'chatter', signal: 'logs', service: 'noisy' }] },
  });
  const stripped = done(tryOut('hello', { key: 'gen_ai.input.messages' }));
  assert.equal(stripped.after, '');
  assert.deepEqual(
    stripped.changes.map(({ action, processor }) => [processor, action]),
    [['content', 'stripped']],
  );
  const dropped = done(tryOut('hello', { service: 'noisy' }));
  assert.equal(dropped.after, '');
  assert.deepEqual(
    dropped.changes.map(({ action, processor }) => [processor, action]),
    [['sample', 'dropped']],
  );
});

test('the service decides by which rules', () => {
  const { tryOut } = start({ redact: { services: [{ service: 'open', off: ['email'] }] } });
  assert.equal(done(tryOut('ada@example.com', { service: 'open' })).after, 'ada@example.com');
  assert.equal(done(tryOut('ada@example.com', { service: '' })).after, MARKED);
});

test('a request comes out in the same form, different only where processors acted', () => {
  const { tryOut } = start();
  const json = request([{ severityNumber: 9, body: { stringValue: 'by ada@example.com' }, flags: 1 }]);
  const { after, before, signal } = done(tryOut(json));
  assert.equal(signal, 'logs');
  assert.equal(before, JSON.stringify(JSON.parse(json), null, 2));
  assert.equal(after, before.replace('ada@example.com', MARKED));
});

test('changes are summed over services', () => {
  const { tryOut } = start();
  const of = (service: string) => ({
    resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
    scopeLogs: [{ logRecords: [{ body: { stringValue: 'ada@example.com' } }] }],
  });
  const { changes } = done(tryOut(JSON.stringify({ resourceLogs: [of('a'), of('b')] })));
  assert.deepEqual(changes, [{ processor: 'redact', rule: 'email', action: 'redacted', count: 2 }]);
});

test('a request of which nothing is left comes out empty, and one that held nothing as it is', () => {
  const { tryOut } = start({ sample: { drop: [{ name: 'all', service: '*' }] } });
  assert.equal(done(tryOut(request([{ body: { stringValue: 'x' } }]))).after, '');
  assert.equal(done(tryOut('{"resourceLogs":[]}')).after, '{}');
});

test('what is wrong with a request is said, and which items would be refused', () => {
  const { tryOut } = start();
  for (const text of ['{"resourceLogs":[', '{"resourceSpans":{}}', ' {\n "resourceMetrics": [}'])
    assert.match((tryOut(text) as { message: string }).message, /^not OTLP\/JSON: .+ at byte \d+$/);
  const result = done(tryOut('{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"x"}]}]}]}'));
  assert.match(result.warning, /^1 span rejected: trace_id/);
  const far = done(tryOut(request([{ timeUnixNano: '9000000000000000000' }])));
  assert.match(far.warning, /^limits applied: 1 time far off/);
});

test('no try leaves anything behind for the next', () => {
  const { tryOut } = start({ sample: { rate_limits: [{ signal: 'logs', per_second: 1, burst: 1 }] } });
  const first = tryOut('to ada@example.com');
  assert.ok(done(first).after !== '');
  for (let again = 0; again < 3; again++) assert.deepEqual(tryOut('to ada@example.com'), first);
});

test('sampling by chance keeps what has a chance', () => {
  const { tryOut } = start({ sample: { logs: { rules: [{ ratio: 0.001 }] } } });
  assert.equal(done(tryOut('hello')).after, 'hello');
  assert.equal(done(start({ sample: { logs: { rules: [{ ratio: 0 }] } } }).tryOut('hello')).after, '');
});

test('more than 16 MiB are refused, as much as that is not', () => {
  const { tryOut } = start();
  assert.deepEqual(tryOut('x'.repeat(16 * 1024 * 1024)), { ok: false, message: 'larger than 16 MiB' });
  assert.ok(done(tryOut('x'.repeat(16 * 1024 * 1024 - 4))).after.length > 0);
});

test('a request that would be far larger to look at than to send is refused in words', () => {
  const { tryOut } = start();
  const values = `${'{},'.repeat(4_500_000)}{}`;
  const json = request([{ body: { arrayValue: { values: [] } } }]).replace('[]', `[${values}]`);
  assert.deepEqual(tryOut(json), { ok: false, message: 'too large to be shown' });
});

test('random requests and texts never throw', () => {
  const { tryOut } = start({ limit: { max_depth: 3, max_value_bytes: 64 } });
  for (const signal of SIGNALS) {
    const name = REQUEST_NAMES[signal];
    fc.assert(
      fc.property(message(name), (plain) => {
        const json = protobufToJson(signal, encodeAs(name, plain))!;
        const result = tryOut(json);
        assert.equal(json === '{}' || done(result).signal === signal, true);
      }),
      { numRuns: 40, seed: 20261125 },
    );
  }
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), fc.string(), (text, service, key) => {
      done(tryOut(text, { service, key }));
    }),
    { numRuns: 100, seed: 20261125 },
  );
  done(tryOut('\ud800 lone', { service: '\udc00', key: '\ud800' }));
  assert.ok('ok' in tryOut('['.repeat(100_000)));
  assert.ok('ok' in tryOut(`{"resourceLogs":${'['.repeat(100_000)}`));
});
