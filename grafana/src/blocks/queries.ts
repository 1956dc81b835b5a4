import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import * as loki from '@grafana/grafana-foundation-sdk/loki';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import * as tempo from '@grafana/grafana-foundation-sdk/tempo';
import { type SourceName, sourceRef } from './sources.ts';

/** A query that gets its letter from the panel it stands in. */
export interface Query {
  source: SourceName;
  build(refId: string): Builder<Dataquery>;
}

export interface PromqlOptions {
  /** Name of each series, as in `{{service_name}}`. */
  legend?: string;
  /** One value now instead of a line over time. `$__range` is then the time the board shows. */
  instant?: boolean;
  /** Rows of a table. Implies `instant`. */
  table?: boolean;
  /** Points with a trace behind them, on lines that show a duration. */
  exemplars?: boolean;
}

/** A query about metrics that Prometheus scrapes, every 15 s. */
export function promql(expr: string, options: PromqlOptions = {}): Query {
  return promqlEvery(undefined, expr, options);
}

/**
 * A query about metrics that applications send. SDKs send once a minute unless told otherwise, and a rate needs two
 * points, so the least step is a minute: `$__rate_interval` is then four.
 */
export function pushedPromql(expr: string, options: PromqlOptions = {}): Query {
  return promqlEvery('1m', expr, options);
}

function promqlEvery(minStep: string | undefined, expr: string, options: PromqlOptions): Query {
  return {
    source: 'prometheus',
    build(refId) {
      const query = new prometheus.DataqueryBuilder()
        .datasource(sourceRef('prometheus'))
        .refId(refId)
        .editorMode(prometheus.QueryEditorMode.Code)
        .expr(oneLine(expr));
      if (options.legend !== undefined) query.legendFormat(options.legend);
      if (minStep !== undefined) query.interval(minStep);
      if (options.table === true) query.format(prometheus.PromQueryFormat.Table);
      if (options.exemplars === true) query.exemplar(true);
      return options.instant === true || options.table === true ? query.instant() : query.range();
    },
  };
}

/** Numbers out of log lines; with `instant` one value over `$__range`, else a line over time with `[$__auto]`. */
export function logqlMetric(expr: string, options: { legend?: string; instant?: boolean } = {}): Query {
  return {
    source: 'loki',
    build(refId) {
      const query = logqlOf(refId, expr).queryType(options.instant === true ? 'instant' : 'range');
      return options.legend === undefined ? query : query.legendFormat(options.legend);
    },
  };
}

/** Log lines, newest first. */
export function logqlLines(expr: string, maxLines: number): Query {
  return {
    source: 'loki',
    build: (refId) =>
      logqlOf(refId, expr).queryType('range').maxLines(maxLines).direction(loki.LokiQueryDirection.Backward),
  };
}

function logqlOf(refId: string, expr: string): loki.DataqueryBuilder {
  return new loki.DataqueryBuilder()
    .datasource(sourceRef('loki'))
    .refId(refId)
    .editorMode(loki.QueryEditorMode.Code)
    .expr(oneLine(expr));
}

/** A list of traces, at most `limit` of those that match. */
export function traceql(query: string, limit: number): Query {
  return {
    source: 'tempo',
    build: (refId) =>
      new tempo.DataqueryBuilder()
        .datasource(sourceRef('tempo'))
        .refId(refId)
        .queryType('traceql')
        .tableType(tempo.SearchTableType.Traces)
        .limit(limit)
        .query(oneLine(query)),
  };
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s*\n\s*/g, ' ');
}
