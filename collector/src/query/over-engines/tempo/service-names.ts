import type { TimeRange } from '../../requests.ts';
import type { EngineClient } from '../engine-client.ts';
import { textOf } from '../engine-refusal.ts';

const SECOND = 1_000_000_000n;

interface Answer {
  tagValues?: { value?: string }[];
}

/** Services with a span in the range; none from a Tempo that cannot tell (before version 2). */
export async function readServiceNames(
  client: EngineClient,
  range: TimeRange,
  signal: AbortSignal,
): Promise<string[]> {
  const path = '/api/v2/search/tag/resource.service.name/values';
  const params = { start: range.from / SECOND || 1n, end: range.to / SECOND + 1n };
  const body = await client.ask({ path, params }, signal);
  if (body === null) return [];
  return ((JSON.parse(textOf(body)) as Answer).tagValues ?? [])
    .map(({ value = '' }) => value)
    .filter((name) => name !== '');
}
