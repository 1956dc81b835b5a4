import type { Edit } from '#otlp/rewrite.ts';
import { withThreshold } from '#otlp/tracestate.ts';
import { textAt } from '#otlp/wire.ts';
import type { SpanFacts } from './span-facts.ts';
import type { Place } from './walk.ts';

const TRACE_STATE = 0x1a;
const LOG_RECORD = 0x12;
const LOG_ATTRIBUTE = 0x32;
const KEY = 0x0a;
const VALUE = 0x12;
const STRING_VALUE = 0x0a;

/** A length-delimited field; `tag` is below 128. */
function field(tag: number, content: Uint8Array): Buffer {
  const head = [tag];
  let rest = content.length;
  for (; rest >= 0x80; rest >>>= 7) head.push((rest & 0x7f) | 0x80);
  head.push(rest);
  return Buffer.concat([Uint8Array.from(head), content]);
}

/** Sets `th` in the trace_state of a span; null erases it. */
export function stateEdit(bytes: Uint8Array, span: Place & SpanFacts, threshold: bigint | null): Edit {
  const { stateAt, stateEnd, stateStart } = span;
  const text = withThreshold(textAt(bytes, stateStart, stateEnd), threshold);
  const content = field(TRACE_STATE, Buffer.from(text));
  // Before the first field, which a checked span has: its trace id.
  if (stateAt < 0) return { start: span.start, end: span.start, bytes: content };
  return { start: stateAt, end: stateEnd, bytes: content };
}

function attribute(key: string, text: string): Buffer {
  const value = field(VALUE, field(STRING_VALUE, Buffer.from(text)));
  return field(LOG_ATTRIBUTE, Buffer.concat([field(KEY, Buffer.from(key)), value]));
}

/** Attributes of a log record: those to set, and where the one stands that the first of them replaces; -1 for none. */
export interface AttributeChange {
  set: readonly (readonly [key: string, text: string])[];
  replacedAt: number;
  replacedEnd: number;
}

/** Sets attributes of a log record. */
export function attributesEdit(record: Place, { replacedAt, replacedEnd, set }: AttributeChange): Edit {
  const content = Buffer.concat(set.map(([key, text]) => attribute(key, text)));
  if (replacedAt >= 0) return { start: replacedAt, end: replacedEnd, bytes: content };
  // An empty record has no field to put them before.
  if (record.start === record.end)
    return { start: record.at, end: record.end, bytes: field(LOG_RECORD, content) };
  return { start: record.start, end: record.start, bytes: content };
}
