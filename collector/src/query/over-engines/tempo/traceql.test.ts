import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SpanFilters } from '../../requests.ts';
import { searchQuery } from './traceql.ts';

const NONE: SpanFilters = {
  service: null,
  operation: null,
  kind: null,
  minDurationNano: null,
  maxDurationNano: null,
  error: null,
  attributes: [],
};

function conditions(filters: Partial<SpanFilters>): string {
  const query = searchQuery({ ...NONE, ...filters });
  const found =
    /^\{ (.*) \} \| select\(name, resource\.service\.name, span:parentID\) with \(most_recent=true\)$/s.exec(
      query,
    );
  assert.ok(found, query);
  return found[1]!;
}

test('without filters every span matches', () => assert.equal(conditions({}), ''));

test('each filter is a condition of the same span', () => {
  const filters = { service: 'shop', operation: 'GET /', kind: 2, error: true };
  const durations = { minDurationNano: 5n, maxDurationNano: 9_000_000_000n };
  assert.equal(
    conditions({ ...filters, ...durations }),
    'resource.service.name = "shop" && name = "GET /" && kind = server' +
      ' && duration >= 5ns && duration <= 9000000000ns && status = error',
  );
  assert.equal(conditions({ error: false }), 'status != error');
});

test('a service that gave no name is found by the name it is shown with', () => {
  const named = 'resource.service.name = "unknown_service"';
  assert.equal(conditions({ service: 'unknown_service' }), `(${named} || resource.service.name = "")`);
});

test('an attribute has the value as text, and as every other kind that is written so', () => {
  const formsOf = (value: string) => {
    const text = conditions({ attributes: [{ key: 'k', value }] });
    const parts = text.slice(1, -1).split(' || ');
    const spans = parts.slice(0, parts.length / 2).map((part) => part.replace('span."k" = ', ''));
    const resources = parts.slice(parts.length / 2).map((part) => part.replace('resource."k" = ', ''));
    assert.deepEqual(spans, resources);
    return spans;
  };
  assert.deepEqual(formsOf('x'), ['"x"']);
  assert.deepEqual(formsOf('7'), ['"7"', '7']);
  assert.deepEqual(formsOf('-7'), ['"-7"', '-7']);
  assert.deepEqual(formsOf('7.0'), ['"7.0"', '7.0']);
  assert.deepEqual(formsOf('1e+21'), ['"1e+21"', '1e+21']);
  assert.deepEqual(formsOf('true'), ['"true"', 'true']);
  assert.deepEqual(formsOf('9223372036854775807'), ['"9223372036854775807"', '9223372036854775807']);
  assert.deepEqual(formsOf('9223372036854775808'), ['"9223372036854775808"']);
  assert.deepEqual(formsOf('nil'), ['"nil"']);
});

test('keys and values cannot leave their quotes', () => {
  const attribute = { key: 'a"b\\c', value: 'x" || true\n\ud800' };
  assert.equal(
    conditions({ attributes: [attribute] }),
    '(span."a\\"b\\\\c" = "x\\" || true\\n\ufffd" || resource."a\\"b\\\\c" = "x\\" || true\\n\ufffd")',
  );
});
