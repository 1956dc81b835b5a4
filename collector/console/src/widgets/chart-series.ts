/** One line of a chart; `null` is a gap, never a zero. */
export interface ChartSeries {
  label: string;
  /** Name of a CSS variable, as `--series-0`. */
  color: string;
  values: readonly (number | null)[];
  fill?: boolean;
  dash?: readonly number[];
  hidden?: boolean;
}

/** Indexes of points with a gap on both sides: a line through one point has no length, so they get a dot. */
export function isolatedPoints(values: readonly (number | null | undefined)[]): number[] {
  const found: number[] = [];
  for (let at = 0; at < values.length; at += 1) {
    if (values[at] == null) continue;
    if (values[at - 1] == null && values[at + 1] == null) found.push(at);
  }
  return found;
}

/** Puts series with times of their own on one time axis. What a series does not have at a time is a gap. */
export function alignSeries(series: readonly (readonly (readonly [number, number | null])[])[]): {
  times: number[];
  values: (number | null)[][];
} {
  const times = [...new Set(series.flatMap((points) => points.map(([time]) => time)))].sort((a, b) => a - b);
  const index = new Map(times.map((time, at) => [time, at]));
  const values = series.map((points) => {
    const row: (number | null)[] = new Array(times.length).fill(null);
    for (const [time, value] of points) row[index.get(time) ?? 0] = value;
    return row;
  });
  return { times, values };
}

/** Puts a time without a value into every hole wider than 1.5 steps, so that no line crosses it. Seconds. */
export function breakGaps(
  points: readonly (readonly [number, number | null])[],
  stepSeconds: number,
): [number, number | null][] {
  const filled: [number, number | null][] = [];
  for (const [time, value] of points) {
    const before = filled.at(-1);
    if (before !== undefined && time - before[0] > stepSeconds * 1.5)
      filled.push([before[0] + stepSeconds, null]);
    filled.push([time, value]);
  }
  return filled;
}

/** The last value of a series and its place; `null` when it has none. */
export function lastValue(values: readonly (number | null)[]): number | null {
  for (let at = values.length - 1; at >= 0; at -= 1) {
    const value = values[at];
    if (value !== null && value !== undefined) return value;
  }
  return null;
}
