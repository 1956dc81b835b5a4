import type { RedactionRule } from '#api/schemas/processors.ts';

const LIMITS: Readonly<Record<string, string>> = {
  attributes: 'More attributes than max_attributes',
  value_length: 'Longer than max_value_bytes',
  events: 'More events than max_events',
  links: 'More links than max_links',
  exemplars: 'More exemplars than max_exemplars',
  entity_refs: 'More entities than max_entity_refs',
  depth: 'Nested deeper than max_depth',
  list: 'Longer lists than max_list_values',
  bytes: 'Larger than max_attributes_bytes or max_resource_bytes',
  time: 'Further off than max_future_days or max_past_days',
  series: 'More attribute sets than max_series_per_metric or max_series',
};

const REASONS: Readonly<Record<string, string>> = {
  drop: 'Matched the drop rule',
  sample: 'Not in the share that is kept',
  rate_limit: 'Beyond the rate limit',
};

/** What a rule that acted is about, for people; '' when its name is all there is. */
export function ruleTitle(processor: string, rule: string, rules: readonly RedactionRule[]): string {
  if (processor === 'limit') return LIMITS[rule] ?? '';
  if (processor === 'sample') return REASONS[rule.split(':', 1)[0] ?? ''] ?? '';
  if (processor === 'content') return 'Prompts, answers, arguments and bodies';
  if (processor === 'enrich') return 'Attributes that resources lacked';
  if (rule === 'rule-failed') return 'A rule failed, so the whole value was taken out';
  return rules.find(({ name }) => name === rule)?.title ?? '';
}
