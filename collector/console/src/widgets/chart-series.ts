/** How many colours styles/tokens.css has for lines and services, as `--series-0` and so on. */
export const SERIES_COLORS = 8;

/** A number, a gap (`null`, never a zero), or no statement at all (`undefined`: another series has this time). */
export type ChartValue = number | null | undefined;

/** One line of a chart. */
export interface ChartSeries {
  label: string;
  /** Name of a CSS variable, as `--series-0`. */
  color: string;
  values: readonly ChartValue[];
  fill?: boolean;
  dash?: readonly number[];
  hidden?: boolean;
}

/** Seconds since 1970 and a value. */
export type ChartPoint = readonly [number, number | null];

/** Indexes of points with a gap on both sides: a line through one point has no length, so they get a dot. */
export function isolatedPoints(values: readonly ChartValue[]): number[] {
  const found: number[] = [];
  let candidate: number | null = null;
  let afterGap = true;
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at];
    if (value === undefined) continue;
    if (value === null) {
      if (candidate !== null) found.push(candidate);
      candidate = null;
      afterGap = true;
    } else {
      candidate = afterGap ? at : null;
      afterGap = false;
    }
  }
  if (candidate !== null) found.push(candidate);
  return found;
}

/** Puts series with times of their own on one time axis. What a series says nothing about stays undefined. */
export function alignSeries(series: readonly (readonly ChartPoint[])[]): {
  times: number[];
  values: ChartValue[][];
} {
  const times = [...new Set(series.flatMap((points) => points.map(([time]) => time)))].sort((a, b) => a - b);
  const index = new Map(times.map((time, at) => [time, at]));
  const values = series.map((points) => {
    const row: ChartValue[] = new Array(times.length).fill(undefined);
    for (const [time, value] of points) row[index.get(time) ?? 0] = value;
    return row;
  });
  return { times, values };
}

/** How many times its usual distance two points may be apart before the line between them is a guess. */
const GAP_FACTOR = 2.5;

/**
 * Leaves a gap where a series stopped reporting. Steps are often finer than senders report, so what counts as a
 * hole is measured against the usual distance of this series' own points, at least `stepSeconds`.
 */
export function openGaps(points: readonly ChartPoint[], stepSeconds: number): ChartPoint[] {
  const known = points.filter(([, value]) => value !== null);
  const distances = known.slice(1).map(([time], at) => time - known[at]![0]);
  const usual = Math.max(stepSeconds, distances.sort((a, b) => a - b)[Math.floor(distances.length / 2)] ?? 0);
  const opened: ChartPoint[] = [];
  for (const point of known) {
    const before = opened.at(-1);
    if (before !== undefined && point[0] - before[0] > usual * GAP_FACTOR)
      opened.push([before[0] + usual, null]);
    opened.push(point);
  }
  return opened;
}

/** The last value of a series; `null` when it has none. */
export function lastValue(values: readonly ChartValue[]): number | null {
  return values.findLast((value): value is number => value !== null && value !== undefined) ?? null;
}
