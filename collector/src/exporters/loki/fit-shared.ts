import type { KeyValueRange } from '#otlp/any-value.ts';
import { createProtoOut, type ProtoOut, protoBytes } from '#otlp/proto-out.ts';
import { textAt } from '#otlp/wire.ts';
import type { Budget } from './fit-attributes.ts';
import { type Cost, createCost } from './fit-cost.ts';
import { eachField, readPair, type Span } from './fit-fields.ts';
import { areLabelsEmpty, indexLabelOf, isBadLabel, SERVICE_NAME } from './fit-labels.ts';
import type { LokiLimits } from './fit-limits.ts';
import { measureResource, measureScope, TAG } from './fit-measure.ts';
import { copyRaw, writeBytes, writeTextAttribute } from './fit-out.ts';
import { CHANGE, type Part, writePart } from './fit-part.ts';
import { cutText, textOf } from './fit-text.ts';

/** A Resource or InstrumentationScope that leaves room for the lines under it. */
export interface Fitted {
  /** The message anew; null when it stays as it is. */
  bytes: Uint8Array | null;
  /** One of CHANGE. */
  change: number;
  cost: Cost;
}

/** The names that Loki gives to the fields of a scope, and a number of 10 digits. */
const SCOPE_NAMES_BYTES = 63;
const SCOPE_FIELDS = 3;
/** A name or version of a scope that is too long is cut to this or to an eighth of the room, whichever is more. */
const SCOPE_TEXT_BYTES = 256;

const whole = (bytes: Uint8Array): Span => ({ start: 0, end: bytes.length });

const fits = (cost: Cost, budget: Budget): boolean =>
  !cost.isBad && cost.bytes <= budget.bytes && cost.entries <= budget.entries;

interface Pair extends KeyValueRange {
  source: Uint8Array;
}

function pairAt(source: Uint8Array, span: Readonly<Span>): Pair {
  const pair: Pair = { source, start: 0, end: 0, valueStart: 0, valueEnd: 0 };
  readPair(source, pair, span);
  return pair;
}

/** Writes an index label as a text that Loki takes. Answers one of CHANGE. */
function writeLabel(out: ProtoOut, { source, ...range }: Pair, { maxLabelValueBytes }: LokiLimits): number {
  const given = Buffer.from(textOf(source, range.valueStart, range.valueEnd)).toString();
  const clean = Buffer.from(given.replaceAll('\ufffd', '?'));
  const key = source.subarray(range.start, range.end);
  writeTextAttribute(out, TAG.resourceAttribute, { key, text: cutText(clean, maxLabelValueBytes) });
  return clean.length <= maxLabelValueBytes && !given.includes('\ufffd') ? CHANGE.moved : CHANGE.trimmed;
}

/** The Resource `bytes` with its first `service.name` once more at the end. */
function withLabel(bytes: Uint8Array, limits: LokiLimits): Uint8Array {
  const out = createProtoOut(bytes.length);
  copyRaw(out, bytes, whole(bytes));
  let isThere = false;
  eachField(bytes, whole(bytes), (field) => {
    if (isThere || field.tag !== TAG.resourceAttribute) return;
    const pair = pairAt(bytes, field);
    isThere = textAt(bytes, pair.start, pair.end) === SERVICE_NAME;
    if (isThere) writeLabel(out, pair, limits);
  });
  return protoBytes(out);
}

/**
 * The Resource at `span` with metadata of at most `budget` and labels that Loki takes: text that is too long is cut,
 * U+FFFD is a question mark, a map of too many entries is JSON. Without any label that has a value the first
 * `service.name` is there once more at the end, where Loki takes it from.
 */
export function fitResource(
  source: Uint8Array,
  span: Readonly<Span>,
  { budget, limits }: { budget: Budget; limits: LokiLimits },
): Fitted {
  const before = createCost(source);
  measureResource(before, span, limits);
  if (fits(before, budget)) return { bytes: null, change: CHANGE.none, cost: before };
  let change: number = CHANGE.none;
  const part: Part = {
    source,
    span,
    tag: TAG.resourceAttribute,
    movedKey: 'signalbox.moved.resource',
    isMetadata: (attribute) => indexLabelOf(source, attribute, limits) < 0,
    replace(out, field) {
      const { tag } = field;
      if (tag !== TAG.resourceAttribute || !isBadLabel(source, field, limits)) return false;
      change |= writeLabel(out, pairAt(source, field), limits);
      return true;
    },
  };
  const out = createProtoOut(span.end - span.start);
  const partChange = writePart(out, part, budget);
  const written = protoBytes(out);
  const cost = createCost(written);
  measureResource(cost, whole(written), limits);
  if (!areLabelsEmpty()) return { bytes: written, change: change | partChange, cost };
  return { bytes: withLabel(written, limits), change: change | partChange | CHANGE.moved, cost };
}

/** The lengths of the name and the version of a scope; of those that come twice the last counts. */
function scopeTexts(source: Uint8Array, span: Readonly<Span>): { name: number; version: number } {
  const found = { name: 0, version: 0 };
  eachField(source, span, ({ tag, start, end }) => {
    if (tag === TAG.scopeName) found.name = end - start;
    else if (tag === TAG.scopeVersion) found.version = end - start;
  });
  return found;
}

/** The InstrumentationScope at `span` with metadata of at most `budget`. */
export function fitScope(source: Uint8Array, span: Readonly<Span>, budget: Budget): Fitted {
  const before = createCost(source);
  measureScope(before, span);
  if (fits(before, budget)) return { bytes: null, change: CHANGE.none, cost: before };
  const longest = Math.max(SCOPE_TEXT_BYTES, budget.bytes >> 3);
  const { name, version } = scopeTexts(source, span);
  let change: number = CHANGE.none;
  const part: Part = {
    source,
    span,
    tag: TAG.scopeAttribute,
    movedKey: 'signalbox.moved.scope',
    isMetadata: () => true,
    replace(out, { tag, start, end }) {
      if (tag !== TAG.scopeName && tag !== TAG.scopeVersion) return false;
      if (end - start <= longest) return false;
      change |= CHANGE.trimmed;
      writeBytes(out, tag, cutText(source.subarray(start, end), longest));
      return true;
    },
  };
  const fixed = Math.min(name, longest) + Math.min(version, longest) + SCOPE_NAMES_BYTES;
  const out = createProtoOut(span.end - span.start);
  const partChange = writePart(out, part, {
    entries: budget.entries - SCOPE_FIELDS,
    bytes: budget.bytes - fixed,
  });
  const bytes = protoBytes(out);
  const cost = createCost(bytes);
  measureScope(cost, whole(bytes));
  return { bytes, change: change | partChange, cost };
}
