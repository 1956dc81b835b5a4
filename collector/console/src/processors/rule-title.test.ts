import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ruleTitle } from './rule-title.ts';

const RULES = [{ name: 'email', title: 'E-mail addresses', isOn: true }];

test('each rule that can act has words for people', () => {
  assert.equal(ruleTitle('redact', 'email', RULES), 'E-mail addresses');
  assert.match(ruleTitle('redact', 'rule-failed', RULES), /whole value was taken out/);
  assert.match(ruleTitle('limit', 'series', RULES), /max_series_per_metric/);
  assert.equal(ruleTitle('sample', 'drop:health_checks', RULES), 'Matched the drop rule');
  assert.equal(ruleTitle('sample', 'rate_limit:rate_limits[0]', RULES), 'Beyond the rate limit');
  for (const processor of ['content', 'enrich']) assert.notEqual(ruleTitle(processor, 'x', RULES), '');
});

test('a rule that nobody knows has its name alone', () => {
  for (const processor of ['redact', 'limit', 'sample', 'new'])
    assert.equal(ruleTitle(processor, 'x', RULES), '');
});
