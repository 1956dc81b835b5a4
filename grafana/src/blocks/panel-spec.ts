import type {
  DashboardLinkBuilder,
  Panel,
  Threshold,
  ThresholdsConfig,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { ThresholdsMode } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Query } from './queries.ts';

/** A panel without its place, which the row it stands in gives it. */
export type Placeable = Panel;

export interface PanelSpec {
  /** Stays the same when panels move: alerts and people link to it. */
  id: number;
  title: string;
  /** What it shows, where from, and what to do when it looks bad. */
  description: string;
  /** Grafana's word for the unit, as in `reqps`, `percentunit`, `s`, `bytes`, `short`. */
  unit: string;
  queries: Query[];
  links?: DashboardLinkBuilder[];
  decimals?: number;
}

/** From which value on which colour; green below the first. The description says what the colours mean. */
export type Steps = readonly { from: number; color: 'yellow' | 'red' }[];

export function thresholdsOf(steps: Steps): { build(): ThresholdsConfig } {
  const all: Threshold[] = [
    { value: null, color: 'green' },
    ...steps.map(({ from, color }) => ({ value: from, color })),
  ];
  return { build: () => ({ mode: ThresholdsMode.Absolute, steps: all }) };
}

interface Configurable {
  id(id: number): this;
  title(title: string): this;
  description(description: string): this;
  unit(unit: string): this;
  decimals(decimals: number): this;
  dataLinks(links: DashboardLinkBuilder[]): this;
  targets(targets: ReturnType<Query['build']>[]): this;
  datasource(source: { type: string; uid: string }): this;
}

/** What all panels with numbers have alike. */
export function applySpec<T extends Configurable>(builder: T, spec: PanelSpec): T {
  builder
    .id(spec.id)
    .title(spec.title)
    .description(spec.description)
    .unit(spec.unit)
    .targets(spec.queries.map((query, index) => query.build(letterOf(index))));
  if (spec.links !== undefined) builder.dataLinks(spec.links);
  if (spec.decimals !== undefined) builder.decimals(spec.decimals);
  return builder;
}

function letterOf(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + index);
}
