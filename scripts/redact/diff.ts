/** One difference between two requests in OTLP/JSON. */
export interface Difference {
  /** `resourceSpans[0].scopeSpans[0].spans[3].attributes["user.email"]` */
  path: string;
  kind: 'changed' | 'removed' | 'inserted';
  before: string;
  after: string;
}

type Node = Record<string, unknown>;
type Report = (difference: Difference) => void;

const VALUE_KEYS = new Set([
  'stringValue',
  'boolValue',
  'intValue',
  'doubleValue',
  'arrayValue',
  'kvlistValue',
  'bytesValue',
]);
const KEYED_LISTS = new Set(['attributes', 'filteredAttributes', 'metadata']);

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function valueKey(value: unknown): string | undefined {
  return isNode(value) ? Object.keys(value).find((key) => VALUE_KEYS.has(key)) : undefined;
}

/** A value for people: texts as they are, an attribute's value without its type, all else as JSON. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const key = valueKey(value);
  if (key !== undefined && key !== 'arrayValue' && key !== 'kvlistValue') return textOf((value as Node)[key]);
  return JSON.stringify(value) ?? '';
}

const listOf = (value: unknown): unknown[] =>
  isNode(value) && Array.isArray(value.values) ? value.values : Array.isArray(value) ? value : [];

/** Calls `report` for each difference, in the order of the first request; linear. */
export function diffRequests(before: unknown, after: unknown, report: Report): void {
  diff({ before, after, path: '' }, report);
}

interface Pair {
  before: unknown;
  after: unknown;
  path: string;
}

function diff({ after, before, path }: Pair, report: Report): void {
  if (before === after) return;
  if (before === undefined) report({ path, kind: 'inserted', before: '', after: textOf(after) });
  else if (after === undefined) report({ path, kind: 'removed', before: textOf(before), after: '' });
  else if (valueKey(before) !== undefined || valueKey(after) !== undefined)
    diffValues({ before, after, path }, report);
  else if (Array.isArray(before) && Array.isArray(after)) diffLists({ before, after, path }, report);
  else if (isNode(before) && isNode(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const inner = { before: before[key], after: after[key], path: path === '' ? key : `${path}.${key}` };
      if (KEYED_LISTS.has(key)) diffKeyed(inner, report);
      else diff(inner, report);
    }
  } else report({ path, kind: 'changed', before: textOf(before), after: textOf(after) });
}

function diffValues({ after, before, path }: Pair, report: Report): void {
  const key = valueKey(before);
  const isSame = key === valueKey(after);
  const inner = { before: (before as Node)[key ?? ''], after: (after as Node)[key ?? ''], path };
  if (isSame && key === 'kvlistValue')
    diffKeyed({ ...inner, before: listOf(inner.before), after: listOf(inner.after) }, report);
  else if (isSame && key === 'arrayValue')
    diffLists({ ...inner, before: listOf(inner.before), after: listOf(inner.after) }, report);
  else if (textOf(before) !== textOf(after) || !isSame)
    report({ path, kind: 'changed', before: textOf(before), after: textOf(after) });
}

/** What is missing at the end is one difference, however much it is. */
function diffLists({ after, before, path }: Pair, report: Report): void {
  const [from, to] = [before as unknown[], after as unknown[]];
  const shared = Math.min(from.length, to.length);
  for (let at = 0; at < shared; at++)
    diff({ before: from[at], after: to[at], path: `${path}[${at}]` }, report);
  const rest = from.length - to.length;
  if (rest > 0) {
    const last = rest === 1 ? '' : `..${from.length - 1}`;
    const gone = from.slice(shared).map(textOf).join(', ');
    report({ path: `${path}[${shared}${last}]`, kind: 'removed', before: gone, after: '' });
  }
  for (const [index, added] of to.slice(shared).entries())
    report({ path: `${path}[${shared + index}]`, kind: 'inserted', before: '', after: textOf(added) });
}

/** By key, and where a key comes more than once by which time it is. */
function keyed(list: unknown, path: string): Map<string, unknown> {
  const times = new Map<string, number>();
  return new Map(
    listOf(list).map((member) => {
      const { key = '', value = {} } = member as { key?: string; value?: unknown };
      const time = times.get(key) ?? 0;
      times.set(key, time + 1);
      return [`${path}[${JSON.stringify(key)}]${time === 0 ? '' : `#${time + 1}`}`, value] as const;
    }),
  );
}

function diffKeyed({ after, before, path }: Pair, report: Report): void {
  const [from, to] = [keyed(before, path), keyed(after, path)];
  for (const [name, value] of from) diff({ before: value, after: to.get(name), path: name }, report);
  for (const [name, value] of to)
    if (!from.has(name)) diff({ before: undefined, after: value, path: name }, report);
}
