import type { ReadParams, ReadValue } from '#store/reader.ts';
import type { AttributeFilter, LogFilters, SpanFilters } from '../requests.ts';

/** A piece of a WHERE clause, beginning with AND, and the parameters it names. */
export interface Condition {
  sql: string;
  params: ReadParams;
}

interface Builder {
  and(sql: string, params?: Record<string, ReadValue>): void;
  attributes(filters: readonly AttributeFilter[]): void;
  done(): Condition;
}

function createBuilder(): Builder {
  const parts: string[] = [];
  const params: Record<string, ReadValue> = {};
  const and: Builder['and'] = (sql, more = {}) => {
    parts.push(`AND (${sql})`);
    Object.assign(params, more);
  };
  return {
    and,
    attributes(filters) {
      for (const [index, { key, value }] of filters.entries()) {
        const path = `$attr_path_${index}`;
        const wanted = `$attr_value_${index}`;
        const ofResource = `SELECT resource_id FROM resources WHERE json_extract_string(attributes, ${path}) = ${wanted}`;
        and(`json_extract_string(attributes, ${path}) = ${wanted} OR resource_id IN (${ofResource})`, {
          [`attr_path_${index}`]: `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`,
          [`attr_value_${index}`]: value,
        });
      }
    },
    done: () => ({ sql: parts.join('\n  '), params }),
  };
}

/** Conditions on rows of `spans`. */
export function spanConditions(filters: SpanFilters): Condition {
  const builder = createBuilder();
  if (filters.service !== null) builder.and('service = $service', { service: filters.service });
  if (filters.operation !== null) builder.and('name = $operation', { operation: filters.operation });
  if (filters.kind !== null) builder.and('kind = $kind', { kind: BigInt(filters.kind) });
  if (filters.minDurationNano !== null)
    builder.and('duration_nano >= $min', { min: filters.minDurationNano });
  if (filters.maxDurationNano !== null)
    builder.and('duration_nano <= $max', { max: filters.maxDurationNano });
  if (filters.error !== null) builder.and(filters.error ? 'status_code = 2' : 'status_code <> 2');
  builder.attributes(filters.attributes);
  return builder.done();
}

/** Conditions on rows of `logs`. Words are looked for in the stored JSON text, so they are escaped as in JSON. */
export function logConditions(filters: LogFilters): Condition {
  const builder = createBuilder();
  if (filters.service !== null) builder.and('service = $service', { service: filters.service });
  if (filters.minSeverity > 0)
    builder.and('severity_number >= $severity', { severity: BigInt(filters.minSeverity) });
  if (filters.traceId !== null) builder.and('trace_id = $trace', { trace: BigInt(`0x${filters.traceId}`) });
  if (filters.spanId !== null) builder.and('span_id = $span', { span: BigInt(`0x${filters.spanId}`) });
  for (const [index, word] of filters.words.entries()) {
    const name = `$word_${index}`;
    builder.and(
      `contains(lower(body::VARCHAR), lower(${name})) OR contains(lower(attributes::VARCHAR), lower(${name})) OR contains(lower(event_name), lower(${name}))`,
      { [`word_${index}`]: JSON.stringify(word).slice(1, -1) },
    );
  }
  builder.attributes(filters.attributes);
  return builder.done();
}

/** Conditions on rows of `series`. */
export function seriesConditions(attributes: readonly AttributeFilter[]): Condition {
  const builder = createBuilder();
  builder.attributes(attributes);
  return builder.done();
}
