import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeAs, encodeAs, type Plain } from '#otlp/testing/reference.ts';
import { processBytes, type Settings, testProcessors } from './testing/process-request.ts';

interface Told {
  /** Names of services in the counts. */
  counted: string[];
  /** The `service.name` that goes on, or what a service without one is called. */
  kept: string;
}

/** What is told and kept of a service of this name, of which a log record has an address. */
function tell(service: string, settings: Settings = {}): Told {
  const processors = testProcessors(settings);
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: service } }] };
  const logRecords = [{ body: { stringValue: 'to me@mail.example.org' } }];
  const request = { resourceLogs: [{ resource, scopeLogs: [{ logRecords }] }] };
  const { bytes } = processBytes(processors, 'logs', encodeAs('ExportLogsServiceRequest', request));
  const after = decodeAs('ExportLogsServiceRequest', bytes) as typeof request;
  const { attributes } = after.resourceLogs[0]!.resource;
  const named = attributes.find(({ key }: Plain) => key === 'service.name');
  const counted = processors.counts().map((count) => count.service);
  return {
    counted: [...new Set(counted)].filter((name) => name !== '(all)'),
    kept: named?.value.stringValue ?? 'unknown_service',
  };
}

test('a service is counted under the name that it is kept under', () => {
  for (const [sent, shown] of [
    ['shop', 'shop'],
    ['anna paid 4111111111111111', 'anna paid [redacted:card]'],
    ['svc-zed@example.org', '[redacted:email]'],
    ['[redacted:email]', '[redacted:email]'],
    ['é'.repeat(127), 'é'.repeat(127)],
  ] as const) {
    assert.deepEqual(tell(sent), { counted: [shown], kept: shown }, sent);
  }
});

test('so it is with whatever is configured', () => {
  const name = 'svc-zed@example.org';
  const mailer = { service: name, enabled: true, off: ['email', 'national-id'] };
  for (const [settings, shown] of [
    [{ redact: { allow_keys: ['service.*'] } }, name],
    [{ redact: { keys: ['service.name'] } }, '[redacted:credential]'],
    [{ redact: { allow_values: ['*@example.org'] } }, name],
    [{ content: { keys: ['service.name'], mode: 'metadata' } }, 'unknown_service'],
    [{ content: { keys: ['service.name'] } }, '[redacted:email]'],
    [
      {
        redact: { custom: [{ name: 'zed', pattern: 'zed', contains: '' }], off: ['email'] },
      },
      'svc-[redacted:zed]@example.org',
    ],
    [{ redact: { services: [mailer] } }, name],
  ] as [Settings, string][]) {
    const { counted, kept } = tell(name, settings);
    assert.deepEqual(
      counted.filter((each) => each !== shown),
      [],
      JSON.stringify(settings),
    );
    assert.equal(kept, shown, JSON.stringify(settings));
  }
});

test('a name that is so long that it is cut could end in half of a secret', () => {
  const { counted } = tell(`${'x'.repeat(115)} 4111111111111111`);
  assert.deepEqual(counted, ['(other)']);
});

test('many names are told one by one, also those that were forgotten', () => {
  const { shownName } = testProcessors();
  for (let i = 0; i < 1_500; i++) assert.equal(shownName(`shop-${i}`), `shop-${i}`);
  assert.equal(shownName('shop-0'), 'shop-0');
  assert.equal(shownName('a@mail.example.org'), '[redacted:email]');
});

test('looking at a name is counted nowhere', () => {
  const processors = testProcessors();
  assert.equal(processors.shownName('a@mail.example.org'), '[redacted:email]');
  assert.deepEqual(processors.counts(), []);
});
