import type { Row } from '#store/reader.ts';

/** Series that are plotted as one line. */
export interface SeriesGroup {
  service: string;
  attributesJson: string;
  streamIds: Set<string>;
}

/**
 * Groups rows of `series` by service and attributes, or by service and the attributes `by` alone.
 * `service` as one of the keys is always there; restarts of one service fall into one group.
 */
export function groupSeries(series: readonly Row[], by: readonly string[] | null): SeriesGroup[] {
  const groups = new Map<string, SeriesGroup>();
  for (const row of series) {
    const attributesJson =
      by === null ? String(row.attributes) : JSON.stringify(pick(String(row.attributes), by));
    const service = String(row.service);
    const key = `${service}\n${attributesJson}`;
    const group = groups.get(key) ?? { service, attributesJson, streamIds: new Set<string>() };
    group.streamIds.add(String(row.stream_id));
    groups.set(key, group);
  }
  return [...groups.values()];
}

function pick(attributesJson: string, keys: readonly string[]): Record<string, unknown> {
  const attributes = JSON.parse(attributesJson) as Record<string, unknown>;
  return Object.fromEntries(keys.filter((key) => key in attributes).map((key) => [key, attributes[key]]));
}
