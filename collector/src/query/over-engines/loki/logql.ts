import type { LogFilters } from '../../requests.ts';
import { labelName } from '../label-name.ts';
import { escapeRegExp, quote } from '../quote.ts';

/**
 * The LogQL query of what meets all filters; null when nothing can. Words are looked for in the line alone: to look
 * through the attributes too takes Loki ten times as long.
 */
export function logQuery(filters: LogFilters): string | null {
  const { attributes, minSeverity, service, spanId, traceId, words } = filters;
  const stream = service === null ? '{service_name=~".+"}' : `{service_name=${quote(service)}}`;
  const stages = words.map((word) => `|~ ${quote(`(?i)${escapeRegExp(word)}`)}`);
  if (minSeverity > 0) stages.push(`| severity_number >= ${minSeverity}`);
  if (traceId !== null) stages.push(`| trace_id = ${quote(traceId)}`);
  if (spanId !== null) stages.push(`| span_id = ${quote(spanId)}`);
  for (const { key, value } of attributes) {
    const label = labelName(key);
    // An empty value is what Loki says of a label that is not there.
    if (label === null || value === '') return null;
    stages.push(`| ${label} = ${quote(value)}`);
  }
  return [stream, ...stages].join(' ');
}
