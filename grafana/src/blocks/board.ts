import {
  AnnotationQueryBuilder,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  type DashboardLinkBuilder,
  RowBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import packageJson from '../../../package.json' with { type: 'json' };
import type { Placeable } from './panel-spec.ts';
import { pushedPromql, type Query } from './queries.ts';
import { sourceRef } from './sources.ts';
import { sourceVariables, type Variable } from './variables.ts';

const GRID_WIDTH = 24;
const FIRST_ROW_ID = 1000;

/** Panels beside each other that share the width in equal parts, or as `shares` says. */
export interface Band {
  /** In Grafana's grid, about 38 pixels each. */
  height: number;
  shares?: number[];
  panels: Placeable[];
}

export interface Row {
  /** Above the bands; the first row of a board has none. */
  title?: string;
  bands: Band[];
}

export interface Board {
  uid: string;
  title: string;
  /** One sentence: the question it answers. */
  description: string;
  tags: string[];
  variables: Variable[];
  links: DashboardLinkBuilder[];
  rows: Row[];
}

/** The board as Grafana's classic JSON, stamped with the version of the program. */
export function buildBoard(board: Board): Dashboard {
  const builder = new DashboardBuilder(board.title)
    .uid(board.uid)
    .description(board.description)
    .tags(['signalbox', ...board.tags, `version:${packageJson.version}`])
    .version(versionNumber(packageJson.version))
    .readonly()
    .timezone('browser')
    .time({ from: 'now-1h', to: 'now' })
    .refresh('30s')
    .tooltip(DashboardCursorSync.Crosshair)
    .variables([...sourceVariables(), ...board.variables])
    .annotations(annotations())
    .links(board.links);
  placePanels(builder, board.rows);
  return builder.build();
}

/** 1.2.3 is 10203: it only ever grows. */
function versionNumber(version: string): number {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return major * 10_000 + minor * 100 + patch;
}

function placePanels(builder: DashboardBuilder, rows: readonly Row[]): void {
  let y = 0;
  rows.forEach(({ bands, title }, index) => {
    if (title !== undefined) {
      const gridPos = { x: 0, y, w: GRID_WIDTH, h: 1 };
      builder.withRow(new RowBuilder(title).id(FIRST_ROW_ID + index).gridPos(gridPos));
      y += 1;
    }
    for (const band of bands) {
      for (const panel of placeBand(band, y)) builder.withPanel({ build: () => panel });
      y += band.height;
    }
  });
}

function placeBand({ height, panels, shares = panels.map(() => 1) }: Band, y: number): Placeable[] {
  const whole = shares.reduce((sum, share) => sum + share, 0);
  let before = 0;
  return panels.map((panel, index) => {
    const x = Math.round((before / whole) * GRID_WIDTH);
    before += shares[index] ?? 1;
    const w = Math.round((before / whole) * GRID_WIDTH) - x;
    return { ...panel, gridPos: { x, y, w, h: height } };
  });
}

/** Marks on every chart: alerts that fire, and versions of services that were not there five minutes before. */
function annotations(): AnnotationQueryBuilder[] {
  const versions = 'count by (service_name, service_version) (target_info{service_version!=""}';
  return [
    annotation('Alerts', 'red', {
      query: pushedPromql('ALERTS{alertstate="firing", alertname!="Watchdog"}'),
      title: '{{alertname}}',
      text: '{{service}}',
    }),
    annotation('New versions', 'blue', {
      query: pushedPromql(
        `${versions}) unless ${versions} offset 5m) and on (service_name) count by (service_name) (target_info offset 5m)`,
      ),
      title: '{{service_name}} {{service_version}}',
      text: 'A version that was not there before',
    }),
  ];
}

function annotation(
  name: string,
  color: string,
  { query, text, title }: { query: Query; title: string; text: string },
): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder()
    .name(name)
    .datasource(sourceRef('prometheus'))
    .enable(true)
    .iconColor(color)
    .target(query.build('Anno'))
    .titleFormat(title)
    .textFormat(text);
}
