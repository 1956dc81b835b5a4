import type { LimitConfig } from './config.ts';
import type { LimitCounts, LimitName } from './counts.ts';

type Words = (count: number, config: LimitConfig) => string;

const many = (count: number, one: string, more = `${one}s`) => `${count} ${count === 1 ? one : more}`;

const WORDS: Readonly<Record<LimitName, Words>> = {
  value_length: (count, { max_value_bytes }) => `${many(count, 'value')} cut to ${max_value_bytes} bytes`,
  attributes: (count, { max_attributes }) =>
    `${many(count, 'attribute')} dropped (limit.max_attributes ${max_attributes})`,
  events: (count, { max_events }) => `${many(count, 'event')} dropped (limit.max_events ${max_events})`,
  links: (count, { max_links }) => `${many(count, 'link')} dropped (limit.max_links ${max_links})`,
  exemplars: (count, { max_exemplars }) =>
    `${many(count, 'exemplar')} dropped (limit.max_exemplars ${max_exemplars})`,
  entity_refs: (count, { max_entity_refs }) =>
    `${many(count, 'entity reference')} dropped (limit.max_entity_refs ${max_entity_refs})`,
  depth: (count, { max_depth }) =>
    `${many(count, 'value')} nested too deep replaced (limit.max_depth ${max_depth})`,
  list: (count, { max_list_values }) =>
    `${many(count, 'list')} cut (limit.max_list_values ${max_list_values})`,
  bytes: (count) =>
    `${many(count, 'member')} dropped for their size (limit.max_attributes_bytes, limit.max_resource_bytes)`,
  time: (count) =>
    `${many(count, 'time')} far off set to that of receipt (limit.max_future_days, limit.max_past_days)`,
  series: (count, { max_series_per_metric }) =>
    `${many(count, 'data point')} counted under otel.metric.overflow ` +
    `(limit.max_series_per_metric ${max_series_per_metric}, limit.max_series)`,
};

/**
 * The `error_message` of a partial success that rejects nothing (OTLP specification, "Partial Success", warnings);
 * '' when no limit acted.
 */
export function limitWarning(counts: LimitCounts, config: LimitConfig): string {
  const parts = Object.entries(WORDS).flatMap(([limit, words]) => {
    const count = counts[limit as LimitName] ?? 0;
    return count === 0 ? [] : [words(count, config)];
  });
  return parts.length === 0 ? '' : `limits applied: ${parts.join(', ')}; the rest was accepted`;
}
