import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Language } from './board-queries.ts';
import { type ChosenVariable, interpolate } from './interpolate.ts';

const HOUR = 3600;

function fill(
  text: string,
  options: { language?: Language; instant?: boolean; minStep?: string; values?: string[] | null },
) {
  const { instant = false, language = 'promql', minStep, values = null } = options;
  const variable = { name: 'service', type: 'query', multi: true, includeAll: true, allValue: '.+' };
  const chosen = new Map<string, ChosenVariable>([['service', { variable, values }]]);
  return interpolate({ text, language, instant, minStep }, chosen, HOUR);
}

describe('what is filled into a query', () => {
  it('is four scrape intervals or more for a rate, and four minutes with a least step of one', () => {
    assert.deepEqual(fill('rate(x[$__rate_interval])', {}), { text: 'rate(x[60s])', stepSeconds: 15 });
    assert.deepEqual(fill('rate(x[$__rate_interval])', { minStep: '1m' }), {
      text: 'rate(x[240s])',
      stepSeconds: 60,
    });
  });

  it('is the range, and for lines of logs the step or the range', () => {
    assert.equal(fill('increase(x[${__range}])', { instant: true }).text, 'increase(x[3600s])');
    const count = 'count_over_time({a="b"}[$__auto])';
    assert.equal(fill(count, { language: 'logql' }).text, 'count_over_time({a="b"}[6s])');
    assert.equal(fill(count, { language: 'logql', instant: true }).text, 'count_over_time({a="b"}[3600s])');
  });

  it('is the expression of the variable itself for All', () => {
    assert.equal(fill('x{a=~"$service"}', {}).text, 'x{a=~".+"}');
  });

  it('is one value, or several in the form of each language', () => {
    const values = ['shop', 'order-desk'];
    assert.equal(fill('x{a=~"$service"}', { values: ['shop'] }).text, 'x{a=~"shop"}');
    assert.equal(fill('x{a=~"${service}"}', { values }).text, 'x{a=~"(shop|order-desk)"}');
    assert.equal(fill('{a=~"$service"}', { values, language: 'logql' }).text, '{a=~"shop|order-desk"}');
    assert.equal(
      fill('{ a =~ "$service" }', { values, language: 'traceql' }).text,
      '{ a =~ "shop|order-desk" }',
    );
  });

  it('is escaped twice where it stands in an expression in a string', () => {
    assert.equal(fill('x{a=~"$service"}', { values: ['a.b(c)'] }).text, String.raw`x{a=~"a\\.b\\(c\\)"}`);
  });

  it('is nothing for a variable that the board has not', () => {
    assert.equal(fill('x{a=~"$other"}', {}).text, 'x{a=~"$other"}');
  });
});
