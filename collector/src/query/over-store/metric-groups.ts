import { rawJson, stringifyExact } from '#core/exact-json.ts';
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
    const attributesJson = by === null ? String(row.attributes) : pick(String(row.attributes), by);
    const service = String(row.service);
    const key = `${service}\n${attributesJson}`;
    const group = groups.get(key) ?? { service, attributesJson, streamIds: new Set<string>() };
    group.streamIds.add(String(row.stream_id));
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** The attributes named, as JSON text in the order of `keys`; numbers stay as they were written. */
function pick(attributesJson: string, keys: readonly string[]): string {
  const attributes = JSON.parse(attributesJson, keepNumber) as Record<string, unknown>;
  const picked = keys.filter((key) => Object.hasOwn(attributes, key));
  return `{${picked.map((key) => `${JSON.stringify(key)}:${stringifyExact(attributes[key])}`).join(',')}}`;
}

function keepNumber(_key: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === 'number' && context?.source !== undefined ? rawJson(context.source) : value;
}
