import { LogsDedupStrategy, LogsSortOrder } from '@grafana/grafana-foundation-sdk/common';
import { type DataTransformerConfig, PanelBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import * as logs from '@grafana/grafana-foundation-sdk/logs';
import * as table from '@grafana/grafana-foundation-sdk/table';
import { applySpec, type PanelSpec, type Placeable } from './panel-spec.ts';
import type { Query } from './queries.ts';
import { SOURCES, sourceRef } from './sources.ts';

export interface Column {
  /** The field as the data has it: a label, or `Value #A` for the number of query A. */
  field: string;
  title: string;
  unit?: string;
}

export interface TableSpec extends PanelSpec {
  /** Shown in this order; fields that are not named are left out. */
  columns: Column[];
  /** Title of the column to sort by, greatest first. */
  sortBy?: string;
}

/** Rows that have the same labels in several queries become one. */
export function tablePanel(spec: TableSpec): Placeable {
  const builder = applySpec(new table.PanelBuilder(), spec)
    .datasource(sourceRef(spec.queries[0]?.source ?? 'prometheus'))
    .transformations(columnTransformations(spec));
  for (const { title, unit } of spec.columns) {
    if (unit !== undefined) builder.overrideByName(title, [{ id: 'unit', value: unit }]);
  }
  const { sortBy } = spec;
  if (sortBy !== undefined) builder.sortBy([{ build: () => ({ displayName: sortBy, desc: true }) }]);
  return builder.build();
}

function columnTransformations({ columns, queries }: TableSpec): DataTransformerConfig[] {
  const merge: DataTransformerConfig = { id: 'merge', options: {} };
  const choose: DataTransformerConfig = {
    id: 'filterFieldsByName',
    options: { include: { names: columns.map(({ field }) => field) } },
  };
  const organize: DataTransformerConfig = {
    id: 'organize',
    options: {
      indexByName: Object.fromEntries(columns.map(({ field }, index) => [field, index])),
      renameByName: Object.fromEntries(columns.map(({ field, title }) => [field, title])),
    },
  };
  // Without the time, which would keep rows of one series apart.
  return queries.length > 1 ? [choose, merge, organize] : [choose, organize];
}

/** Traces as Tempo lists them: its own columns, with a link to each. */
export function tracesPanel(
  spec: Omit<PanelSpec, 'unit' | 'queries'> & { query: Query; sortBy: string },
): Placeable {
  const whole = { ...spec, unit: 'ms', queries: [spec.query] };
  return applySpec(new table.PanelBuilder(), whole)
    .datasource(sourceRef('tempo'))
    .sortBy([{ build: () => ({ displayName: spec.sortBy, desc: true }) }])
    .build();
}

/** Log lines, each with a link to its trace. */
export function logsPanel(spec: Omit<PanelSpec, 'unit' | 'queries'> & { query: Query }): Placeable {
  return new logs.PanelBuilder()
    .id(spec.id)
    .title(spec.title)
    .description(spec.description)
    .datasource(sourceRef('loki'))
    .targets([spec.query.build('A')])
    .showTime(true)
    .wrapLogMessage(true)
    .enableLogDetails(true)
    .sortOrder(LogsSortOrder.Descending)
    .dedupStrategy(LogsDedupStrategy.None)
    .build();
}

/** The alerts of Prometheus' rules that fire or are about to. */
export function alertListPanel(spec: { id: number; title: string; description: string }): Placeable {
  return new PanelBuilder()
    .type('alertlist')
    .id(spec.id)
    .title(spec.title)
    .description(spec.description)
    .options({
      viewMode: 'list',
      groupMode: 'default',
      groupBy: [],
      maxItems: 20,
      sortOrder: 3,
      dashboardAlerts: false,
      alertName: '',
      alertInstanceLabelFilter: '{alertname!="Watchdog"}',
      datasource: SOURCES.prometheus.name,
      stateFilter: {
        firing: true,
        pending: true,
        recovering: true,
        noData: false,
        normal: false,
        error: true,
      },
    })
    .build();
}
