import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alertLinks } from './alert-links.ts';

const linksOf = (annotations: Record<string, string>, generatorUrl = '') =>
  alertLinks({ annotations, generatorUrl }).map(({ href, label }) => `${label} ${href}`);

test('runbook and dashboard come first, then other addresses by name, then the rule', () => {
  const links = linksOf(
    {
      ticket: 'https://tickets.example/1',
      summary: 'see https://not.example alone',
      dashboard_url: 'http://grafana/d/a',
      runbook_url: 'https://runbooks.example/HighErrorRate',
    },
    'http://prometheus:9090/graph?g0.expr=up',
  );
  assert.deepEqual(links, [
    'Runbook https://runbooks.example/HighErrorRate',
    'Dashboard http://grafana/d/a',
    'ticket https://tickets.example/1',
    'Rule http://prometheus:9090/graph?g0.expr=up',
  ]);
});

test('nothing but http and https is a link', () => {
  const wrong = [
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    ' javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'http://',
    'https://a b',
    'http://x/y… (cut, 9000 characters)',
    'java\nscript:alert(1)',
    '//example.org',
    'runbook',
    '',
  ];
  for (const text of wrong) assert.deepEqual(linksOf({ runbook_url: text }, text), [], text);
});

test('there are at most eight', () => {
  const many = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`link_${i}`, `https://x/${i}`]));
  assert.equal(linksOf(many, 'https://rule').length, 8);
});
