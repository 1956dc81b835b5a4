import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogFilters } from '../../requests.ts';
import { logQuery } from './logql.ts';

const NONE: LogFilters = {
  service: null,
  minSeverity: 0,
  words: [],
  traceId: null,
  spanId: null,
  attributes: [],
};
const queryOf = (filters: Partial<LogFilters>) => logQuery({ ...NONE, ...filters });

test('each filter is a stage, lines first', () => {
  assert.equal(queryOf({}), '{service_name=~".+"}');
  const ids = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };
  const attributes = [{ key: 'http.route', value: '/a' }];
  assert.equal(
    queryOf({ service: 'shop', minSeverity: 13, words: ['a', 'b'], attributes, ...ids }),
    '{service_name="shop"} |~ "(?i)a" |~ "(?i)b" | severity_number >= 13' +
      ` | trace_id = "${ids.traceId}" | span_id = "${ids.spanId}" | http_route = "/a"`,
  );
});

test('words and values cannot leave their quotes, and words are no patterns', () => {
  assert.equal(queryOf({ service: 'a" or "b' }), '{service_name="a\\" or \\"b"}');
  assert.equal(
    queryOf({ words: ['(a|b).*"\\\n'] }),
    '{service_name=~".+"} |~ "(?i)\\\\(a\\\\|b\\\\)\\\\.\\\\*\\"\\\\\\\\\\n"',
  );
  assert.equal(
    queryOf({ attributes: [{ key: 'a b" or c', value: '"`' }] }),
    '{service_name=~".+"} | a_b_or_c = "\\"`"',
  );
});

test('what Loki cannot have kept is not asked for', () => {
  assert.equal(queryOf({ attributes: [{ key: 'a', value: '' }] }), null);
  assert.equal(queryOf({ attributes: [{ key: '...', value: 'x' }] }), null);
});
