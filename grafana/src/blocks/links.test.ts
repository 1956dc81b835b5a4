import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exploreLink } from './links.ts';

const url = (source: 'loki' | 'tempo', query: string) => exploreLink('x', source, query).build().url ?? '';

/** As Grafana does it: first the variables, then the address is read. */
function panesOf(address: string, values: Record<string, string>) {
  const filled = address.replaceAll(/\$\{([^}]+)\}/g, (_whole, name: string) =>
    encodeURIComponent(values[name] ?? ''),
  );
  return JSON.parse(new URL(filled, 'http://grafana').searchParams.get('panes')!) as Record<string, unknown>;
}

describe('links to Explore', () => {
  it('leave variables readable and encode everything else', () => {
    const address = url('loki', '{service_name="${__field.labels.service_name}"} |= "a&b"');
    assert.ok(address.includes('${__field.labels.service_name}'));
    assert.ok(address.includes('${__from}'));
    assert.match(address.replaceAll(/\$\{[^}]+\}/g, ''), /^\/explore\?schemaVersion=1&panes=[\w%.!~*'()-]+$/);
  });

  it('become the query, source and time that were meant, once variables are filled in', () => {
    const address = url('tempo', '{ resource.service.name = "${service}" && duration > ${slow} }');
    const values = { service: 'shop', slow: '1s', tempo: 'tempo', __from: '1', __to: '2' };
    assert.deepEqual(panesOf(address, values), {
      signalbox: {
        datasource: 'tempo',
        queries: [
          {
            refId: 'A',
            datasource: { type: 'tempo', uid: 'tempo' },
            query: '{ resource.service.name = "shop" && duration > 1s }',
            queryType: 'traceql',
            limit: 20,
            tableType: 'traces',
          },
        ],
        range: { from: '1', to: '2' },
      },
    });
  });
});
