import type uPlot from 'uplot';
import { formatTick, type TimeZoneMode } from '../format/time.ts';
import { type ChartSeries, type ChartValue, isolatedPoints } from './chart-series.ts';

/** A point worth a look: a measurement with its trace. */
export interface ChartMarker {
  /** Seconds since 1970. */
  time: number;
  value: number;
}

export interface ChartSetup {
  series: readonly ChartSeries[];
  markers: readonly ChartMarker[];
  range: { fromMs: number; toMs: number };
  zone: TimeZoneMode;
  format: (value: number) => string;
  /** The least value that the top of the axis shows, so that a flat zero does not fill the chart. */
  floorMax: number;
  size: { width: number; height: number };
  /** Reads a CSS variable in the colours of now. */
  color: (name: string) => string;
  onZoom: (fromMs: number, toMs: number) => void;
  onCursor: (index: number | null) => void;
}

const SYNC_KEY = 'signalbox';

/** Distances of time ticks that people count in, in seconds. */
const TICK_SECONDS = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800,
  604_800,
];

/** uPlot's options for a chart over the time range: shared cursor, drag to zoom, gaps left open. */
export function chartOptions(setup: ChartSetup): uPlot.Options {
  const { range, color } = setup;
  return {
    ...setup.size,
    legend: { show: false },
    padding: [8, 24, 0, 0],
    cursor: {
      sync: { key: SYNC_KEY, setSeries: false },
      drag: { x: true, y: false, setScale: false },
      points: { size: 6 },
    },
    scales: {
      x: { time: true, range: () => [range.fromMs / 1000, range.toMs / 1000] },
      y: { range: (_plot, min, max) => valueRange(min, max, setup.floorMax) },
    },
    series: [{}, ...setup.series.map((series) => lineOf(series, color))],
    axes: axesOf(setup),
    hooks: {
      setSelect: [
        (plot) => {
          if (plot.select.width < 4) return;
          const from = plot.posToVal(plot.select.left, 'x') * 1000;
          const to = plot.posToVal(plot.select.left + plot.select.width, 'x') * 1000;
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          setup.onZoom(from, to);
        },
      ],
      setCursor: [(plot) => setup.onCursor(plot.cursor.idx ?? null)],
      draw: [(plot) => drawMarkers(plot, setup)],
    },
  };
}

function valueRange(min: number | null, max: number | null, floorMax: number): [number, number] {
  const low = Math.min(0, min ?? 0);
  const high = Math.max(max ?? 0, floorMax);
  const room = (high - low) * 0.08;
  return [low === 0 ? 0 : low - room, high + room];
}

function lineOf(series: ChartSeries, color: (name: string) => string): uPlot.Series {
  const stroke = color(series.color);
  return {
    label: series.label,
    show: series.hidden !== true,
    stroke,
    width: 1.5,
    spanGaps: false,
    ...(series.fill === true ? { fill: `color-mix(in srgb, ${stroke} 16%, transparent)` } : {}),
    ...(series.dash === undefined ? {} : { dash: [...series.dash] }),
    points: {
      show: false,
      size: 5,
      filter: (plot, index, show) =>
        show ? null : isolatedPoints(plot.data[index] as readonly ChartValue[]),
    },
  };
}

function axesOf({ range, zone, format, color }: ChartSetup): uPlot.Axis[] {
  const spanMs = range.toMs - range.fromMs;
  const grid = { stroke: color('--chart-grid'), width: 1 };
  const shared = {
    stroke: color('--text-muted'),
    grid,
    ticks: { show: false },
    font: '11px system-ui, sans-serif',
  };
  return [
    {
      ...shared,
      grid: { show: false },
      space: 64,
      size: 22,
      incrs: TICK_SECONDS,
      values: (_plot, splits) => splits.map((at) => formatTick(at * 1000, zone, spanMs)),
    },
    { ...shared, space: 32, size: 64, values: (_plot, splits) => splits.map((value) => format(value)) },
  ];
}

function drawMarkers(plot: uPlot, { markers, color }: ChartSetup): void {
  const { ctx } = plot;
  const size = 4 * devicePixelRatio;
  ctx.save();
  ctx.fillStyle = color('--accent');
  ctx.strokeStyle = color('--surface');
  for (const marker of markers) {
    const x = plot.valToPos(marker.time, 'x', true);
    const y = plot.valToPos(marker.value, 'y', true);
    const { left, top, width, height } = plot.bbox;
    if (x < left || x > left + width || y < top || y > top + height) continue;
    ctx.beginPath();
    ctx.moveTo(x, y - size);
    ctx.lineTo(x + size, y);
    ctx.lineTo(x, y + size);
    ctx.lineTo(x - size, y);
    ctx.closePath();
    ctx.fill();
    ctx.stroke();
  }
  ctx.restore();
}
