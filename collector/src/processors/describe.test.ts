import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeProcessors } from './describe.ts';
import { processorsConfig, type Settings } from './testing/process-request.ts';

const describe = (sections?: Settings) => describeProcessors(processorsConfig(sections));

function section(name: string, sections?: Settings) {
  const found = describe(sections).sections.find(({ processor }) => processor === name)!;
  return { isOn: found.isOn, summary: found.summary };
}

function isOn(rule: string, redact: object): boolean | undefined {
  return describe({ redact }).rules.find(({ name }) => name === rule)?.isOn;
}

test('by default all but sampling is on, and all rules but that for addresses', () => {
  const { contentModes, rules, sections } = describe();
  assert.deepEqual(
    sections.map(({ isOn: on, processor }) => `${processor} ${on}`),
    ['content true', 'redact true', 'enrich true', 'limit true', 'sample false'],
  );
  assert.deepEqual(
    rules.filter((rule) => !rule.isOn).map(({ name }) => name),
    ['ip'],
  );
  assert.deepEqual(contentModes, { mode: 'redacted', services: [] });
  assert.equal(
    section('redact').summary,
    `${rules.length - 1} of ${rules.length} rules are on; ids of users become keyed hashes; addresses of clients stay as they are`,
  );
});

test('every rule has a name of its own and a title', () => {
  const { rules } = describe();
  assert.equal(new Set(rules.map(({ name }) => name)).size, rules.length);
  for (const { name, title } of rules) assert.ok(title.length > 0, name);
  for (const name of ['credential', 'personal', 'user-id', 'email', 'card'])
    assert.ok(
      rules.some((rule) => rule.name === name),
      name,
    );
});

test('a rule is off when it is listed, when its setting keeps what it finds, and with all of redaction', () => {
  assert.equal(isOn('email', { off: ['email'] }), false);
  assert.equal(isOn('user-id', { user_ids: 'keep' }), false);
  assert.equal(isOn('ip', { ip_addresses: 'truncate' }), true);
  assert.equal(isOn('ip', { ip_addresses: 'truncate', off: ['ip'] }), false);
  assert.equal(isOn('card', { enabled: false }), false);
  assert.equal(isOn('ticket', { custom: [{ name: 'ticket', pattern: 'T-[0-9]+' }] }), true);
  assert.deepEqual(section('redact', { redact: { enabled: false } }), {
    isOn: false,
    summary: 'nothing is redacted',
  });
  assert.match(
    section('redact', { redact: { services: [{ service: 'a' }] } }).summary,
    /1 service has an exception/,
  );
});

test('content does something only where it is taken out, or redacted', () => {
  assert.equal(section('content', { content: { mode: 'full' } }).isOn, false);
  assert.equal(section('content', { redact: { enabled: false } }).isOn, false);
  const services = [{ service: 'bank', mode: 'metadata' }];
  assert.equal(section('content', { content: { mode: 'full', services } }).isOn, true);
  assert.deepEqual(describe({ content: { services } }).contentModes, { mode: 'redacted', services });
});

test('sampling says what is dropped, what is kept in part, and what is kept all the same', () => {
  assert.equal(section('sample').summary, 'everything is kept');
  assert.deepEqual(
    section('sample', { sample: { drop_health_checks: true, drop: [{ name: 'cache', service: 'cache' }] } }),
    { isOn: true, summary: 'health checks are dropped; 1 drop rule: cache' },
  );
  assert.equal(
    section('sample', { sample: { traces: { ratio: 0.1, keep_llm: false } } }).summary,
    '10 % of traces are kept, and those that failed or took 1000 ms or longer',
  );
  assert.equal(
    section('sample', {
      sample: {
        traces: { services: [{ service: 'a', ratio: 0.5 }] },
        logs: { rules: [{ ratio: 0.1 }] },
        rate_limits: [{ signal: 'logs', per_second: 5 }],
      },
    }).summary,
    '100 % of traces are kept; 1 other ratio for services; 1 rule for logs; 1 rate limit',
  );
});

test('enrichment tells the keys that it adds, not the values', () => {
  const { summary } = section('enrich', {
    enrich: { attributes: ['deployment.environment.name=prod'], unknown_service: false },
  });
  assert.equal(summary, 'resources that lack deployment.environment.name get what is configured');
  assert.deepEqual(section('enrich', { enrich: { unknown_service: false } }), {
    isOn: false,
    summary: 'nothing is added',
  });
});
