import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { SOURCES } from './blocks/sources.ts';
import { syntaxMistake } from './lint/parse-query.ts';
import { fillTags, readSources } from './provisioned.ts';

const FOLDER = join(import.meta.dirname, '..', 'provisioning');
const raw = readFileSync(join(FOLDER, 'datasources', 'signalbox.yaml'), 'utf8');
const sources = readSources();

describe('provisioned data sources', () => {
  it('have the uids that boards take as default, and the names and ports of the stack', () => {
    for (const { name, type, uid } of Object.values(SOURCES)) {
      const source = sources.find((entry) => entry.uid === uid);
      assert.deepEqual([source?.name, source?.type], [name, type]);
    }
    assert.deepEqual(
      sources.map(({ uid, url }) => `${uid} ${url}`),
      [
        'prometheus http://prometheus:9090',
        'loki http://loki:3100',
        'tempo http://tempo:3200',
        'alertmanager http://alertmanager:9093',
      ],
    );
  });

  it('lead only to each other', () => {
    const named = [...raw.matchAll(/datasourceUid: (\S+)/g)].map(([, uid]) => uid);
    assert.ok(named.length >= 6);
    const known = new Set(sources.map(({ uid }) => uid));
    assert.deepEqual(
      named.filter((uid) => !known.has(uid ?? '')),
      [],
    );
  });

  it('double every dollar sign, since Grafana takes a single one for the environment', () => {
    assert.deepEqual(raw.match(/(?<!\$)\$(?!\$)/g), null);
  });

  it('lead from an exemplar to its trace under both names of the label', () => {
    const { exemplarTraceIdDestinations: targets } = sources[0]!.jsonData;
    assert.deepEqual(
      targets?.map(({ datasourceUid, name }) => `${name} ${datasourceUid}`),
      ['trace_id tempo', 'traceID tempo'],
    );
  });

  it('lead from a line to its trace by the label that Loki keeps it in', () => {
    const [field] = sources[1]!.jsonData.derivedFields ?? [];
    assert.equal(field?.matcherType, 'label');
    assert.equal(field?.matcherRegex, 'trace_id');
    assert.equal(field?.url, '${__value.raw}');
    assert.equal(field?.datasourceUid, 'tempo');
  });

  it('lead from a trace to logs and metrics by queries that make sense', () => {
    const { tracesToLogsV2: logs, tracesToMetrics: metrics } = sources[2]!.jsonData;
    const span = { traceId: '5b8efff798038103d269b633813fc60c', tags: { 'service.name': 'shop' } };
    const query = fillTags(logs!.query!, logs!.tags, span);
    assert.equal(query, '{service_name="shop"} | trace_id = "5b8efff798038103d269b633813fc60c"');
    assert.equal(syntaxMistake('logql', query), null);
    assert.ok(metrics!.queries!.length >= 3);
    for (const { query } of metrics!.queries!) {
      const filled = fillTags(query, metrics!.tags, span);
      assert.ok(filled.includes('{service_name="shop"'), filled);
      assert.equal(syntaxMistake('promql', filled), null, filled);
    }
  });
});

describe('provisioned boards', () => {
  it('come from the folder that the stack mounts and cannot be changed in the browser', () => {
    const text = readFileSync(join(FOLDER, 'dashboards', 'signalbox.yaml'), 'utf8');
    assert.match(text, /^ {4}folder: Signalbox$/m);
    assert.match(text, /^ {4}allowUiUpdates: false$/m);
    assert.match(text, /^ {6}path: \/etc\/grafana\/dashboards$/m);
  });
});
