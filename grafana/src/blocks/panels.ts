import {
  BigValueColorMode,
  BigValueGraphMode,
  GraphDrawStyle,
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
} from '@grafana/grafana-foundation-sdk/common';
import { FieldColorModeId } from '@grafana/grafana-foundation-sdk/dashboard';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as text from '@grafana/grafana-foundation-sdk/text';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { applySpec, type PanelSpec, type Placeable, type Steps, thresholdsOf } from './panel-spec.ts';
import { sourceRef } from './sources.ts';

/** One big number: the newest value of each query, with a line behind it where the query has a past. */
export function statPanel(spec: PanelSpec & { steps?: Steps }): Placeable {
  const calcs = { build: () => ({ calcs: ['lastNotNull'], fields: '', values: false }) };
  const builder = applySpec(new stat.PanelBuilder(), spec)
    .datasource(sourceRef(sourceOf(spec)))
    .min(0)
    .reduceOptions(calcs)
    .graphMode(BigValueGraphMode.Area)
    .colorMode(spec.steps === undefined ? BigValueColorMode.None : BigValueColorMode.Value);
  if (spec.steps !== undefined) {
    const mode = { build: () => ({ mode: FieldColorModeId.Thresholds }) };
    builder.colorScheme(mode).thresholds(thresholdsOf(spec.steps));
  }
  return builder.build();
}

export interface TimeseriesSpec extends PanelSpec {
  /** Bars on top of each other; only where the sum is what counts, and the description says so. */
  stackedBars?: boolean;
  /** The end of the axis, for shares. */
  max?: number;
}

/** Lines over time from zero up, with newest and highest value in the legend. */
export function timeseriesPanel(spec: TimeseriesSpec): Placeable {
  const builder = applySpec(new timeseries.PanelBuilder(), spec)
    .datasource(sourceRef(sourceOf(spec)))
    .min(0)
    .lineWidth(1)
    .showPoints(VisibilityMode.Auto)
    .fillOpacity(spec.stackedBars === true ? 80 : 8)
    .legend({
      build: () => ({
        displayMode: LegendDisplayMode.Table,
        placement: LegendPlacement.Bottom,
        showLegend: true,
        calcs: ['lastNotNull', 'max'],
      }),
    })
    .tooltip({ build: () => ({ mode: TooltipDisplayMode.Multi, sort: SortOrder.Descending }) });
  if (spec.max !== undefined) builder.max(spec.max);
  if (spec.stackedBars === true) {
    builder
      .drawStyle(GraphDrawStyle.Bars)
      .stacking({ build: () => ({ mode: StackingMode.Normal, group: 'A' }) });
  }
  return builder.build();
}

/** Words for people, in Markdown. */
export function textPanel(spec: { id: number; title: string; markdown: string }): Placeable {
  return new text.PanelBuilder()
    .id(spec.id)
    .title(spec.title)
    .mode(text.TextMode.Markdown)
    .content(spec.markdown.trim())
    .build();
}

function sourceOf({ queries }: PanelSpec) {
  return queries[0]?.source ?? 'prometheus';
}
