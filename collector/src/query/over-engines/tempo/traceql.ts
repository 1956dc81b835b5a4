import type { AttributeFilter, SpanFilters } from '../../requests.ts';
import { quote } from '../quote.ts';

const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];
const UNKNOWN_SERVICE = 'unknown_service';
const MAX_INT64 = 2n ** 63n - 1n;

/** What is told of each matching span beside its id and times. */
const SELECTED = 'name, resource.service.name, span:parentID';

/**
 * A TraceQL search for traces with one span that meets all filters. Without the hint Tempo answers with any of the
 * matching traces when there are more than the limit.
 */
export function searchQuery(filters: SpanFilters): string {
  return `{ ${conditions(filters).join(' && ')} } | select(${SELECTED}) with (most_recent=true)`;
}

function conditions(filters: SpanFilters): string[] {
  const { attributes, error, kind, maxDurationNano, minDurationNano, operation, service } = filters;
  const parts: string[] = [];
  if (service !== null) parts.push(isService(service));
  if (operation !== null) parts.push(`name = ${quote(operation)}`);
  if (kind !== null) parts.push(`kind = ${KINDS[kind]}`);
  if (minDurationNano !== null) parts.push(`duration >= ${minDurationNano}ns`);
  if (maxDurationNano !== null) parts.push(`duration <= ${maxDurationNano}ns`);
  if (error !== null) parts.push(error ? 'status = error' : 'status != error');
  return [...parts, ...attributes.map(hasAttribute)];
}

/** A service without a name is kept with an empty one. */
function isService(name: string): string {
  const named = `resource.service.name = ${quote(name)}`;
  return name === UNKNOWN_SERVICE ? `(${named} || resource.service.name = "")` : named;
}

function hasAttribute({ key, value }: AttributeFilter): string {
  const forms = literals(value);
  const places = ['span', 'resource'].map((scope) => `${scope}.${quoteKey(key)}`);
  return `(${places.flatMap((place) => forms.map((form) => `${place} = ${form}`)).join(' || ')})`;
}

/** Every value that is written as `text`: always a string, for some also a boolean, an integer or a double. */
function literals(text: string): string[] {
  const forms = [quote(text)];
  if (text === 'true' || text === 'false') forms.push(text);
  if (/^-?\d{1,19}$/.test(text) && isInt64(BigInt(text))) forms.push(text);
  if (/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text) && /[.eE]/.test(text)) forms.push(text);
  return forms;
}

function isInt64(value: bigint): boolean {
  return value <= MAX_INT64 && value >= -MAX_INT64;
}

/** Keys know two escapes only. */
function quoteKey(key: string): string {
  return `"${key.toWellFormed().replaceAll(/["\\]/g, '\\$&')}"`;
}
