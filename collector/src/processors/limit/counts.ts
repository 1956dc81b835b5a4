import type { Edit } from '#otlp/rewrite.ts';

/** Which limit acted; the word in metrics. */
export type LimitName =
  | 'attributes'
  | 'value_length'
  | 'events'
  | 'links'
  | 'exemplars'
  | 'entity_refs'
  | 'depth'
  | 'list'
  | 'bytes'
  | 'time'
  | 'series';

/** What limits did: members left out, values cut, times or data points changed. */
export type LimitCounts = Partial<Record<LimitName, number>>;

/** Edits in no particular order, and what they do. */
export interface Limited {
  edits: Edit[];
  counts: LimitCounts;
}

export function countLimit(counts: LimitCounts, limit: LimitName, more: number): void {
  if (more > 0) counts[limit] = (counts[limit] ?? 0) + more;
}

/** Adds `more` to `total`. */
export function addCounts(total: LimitCounts, more: LimitCounts): void {
  for (const [limit, count] of Object.entries(more)) countLimit(total, limit as LimitName, count);
}
