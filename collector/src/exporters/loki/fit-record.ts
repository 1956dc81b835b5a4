import { closeSlot, openSlot, type ProtoOut, writeVarint } from '#otlp/proto-out.ts';
import { type AttributeList, keepWithin, listAttributes, movedAttribute } from './fit-attributes.ts';
import { createCost } from './fit-cost.ts';
import { eachField, type Field, findField, type Span } from './fit-fields.ts';
import type { LokiLimits } from './fit-limits.ts';
import { fitLine } from './fit-line.ts';
import { TAG } from './fit-measure.ts';
import type { Moved } from './fit-moved.ts';
import { copyRaw, writeBytes, writeFlag, writeText } from './fit-out.ts';
import { CHANGE } from './fit-part.ts';
import { createRecordCost, isIdLength, measureRecord } from './fit-record-cost.ts';
import { cutMark, cutText, textOf } from './fit-text.ts';
import { textBytes } from './fit-value.ts';

/** What resource and scope of a record take of the limits of its line, and whether they were changed (CHANGE). */
export interface Around {
  bytes: number;
  entries: number;
  change: number;
}

/** Loki's `signalbox_trimmed` and `signalbox_moved`, each with the value `true`. */
const MARKS_BYTES = 17 + 15 + 2 * 4;
const MARKS_ENTRIES = 2;
/** A severity text is cut to this when it leaves no room for anything else. */
const SEVERITY_TEXT_BYTES = 128;
/** Of an id of a wrong length this much is kept. */
const ID_BYTES = 64;

/** A log record and what becomes of it. */
interface Plan {
  source: Uint8Array;
  span: Span;
  list: AttributeList;
  /** Null when the body stays as it is. */
  line: Uint8Array | null;
  /** Null when it stays as it is. */
  severityText: Uint8Array | null;
  change: number;
}

const isId = (tag: number): boolean => tag === TAG.traceId || tag === TAG.spanId;

const isBadId = ({ tag, start, end }: Field): boolean => isId(tag) && !isIdLength(tag, end - start);

function movedId(source: Uint8Array, { tag, start, end }: Field): Moved {
  const rest = end - start - ID_BYTES;
  const hex = Buffer.from(source.subarray(start, Math.min(end, start + ID_BYTES))).toString('hex');
  return {
    bytes: hex.length,
    read: () => ({
      key: Buffer.from(tag === TAG.traceId ? 'trace_id' : 'span_id'),
      text: Buffer.from(rest > 0 ? hex + cutMark(rest) : hex),
      isJson: false,
      isCut: rest > 0,
    }),
  };
}

/** The severity text of the record; of several the last counts. */
function severityTextOf(source: Uint8Array, span: Span): Uint8Array | null {
  let text: Uint8Array | null = null;
  eachField(source, span, ({ tag, start, end }) => {
    if (tag === TAG.severityText) text = source.subarray(start, end);
  });
  return text;
}

/** Decides which attributes of the record stay and whether its severity text is cut. */
function planMetadata(source: Uint8Array, span: Span, room: { bytes: number; entries: number }): Plan {
  const cost = createRecordCost(source);
  measureRecord(cost, span);
  const list = listAttributes(createCost(source), { span, tag: TAG.attribute }, () => true);
  const budget = {
    bytes: room.bytes - MARKS_BYTES - (cost.bytes - list.total.bytes),
    entries: room.entries - MARKS_ENTRIES - (cost.entries - list.total.entries),
  };
  const plan: Plan = { source, span, list, line: null, severityText: null, change: CHANGE.none };
  const severityText = budget.bytes < 0 ? severityTextOf(source, span) : null;
  if (severityText !== null && severityText.length > SEVERITY_TEXT_BYTES) {
    plan.severityText = cutText(severityText, SEVERITY_TEXT_BYTES);
    plan.change = CHANGE.trimmed;
    budget.bytes += severityText.length - plan.severityText.length;
  }
  keepWithin(list, budget);
  return plan;
}

/** Everything that leaves its place for the line. */
function movedOf({ list, source, span }: Plan): Moved[] {
  const items = list.listed.filter(({ isKept }) => !isKept).map((one) => movedAttribute(source, one));
  eachField(source, span, (field) => {
    if (isBadId(field)) items.push(movedId(source, field));
  });
  return items;
}

function planLine(plan: Plan, maxLineBytes: number): void {
  const { list, source, span } = plan;
  const items = movedOf(plan);
  const { start, end } = findField(source, span, TAG.body);
  const size = textBytes(source, start, end);
  if (items.length + list.leftOut === 0 && size <= maxLineBytes) return;
  const fitted = fitLine(textOf(source, start, end), { items, leftOut: list.leftOut }, maxLineBytes);
  plan.line = fitted.line;
  plan.change |= fitted.change | (Number.isNaN(size) ? CHANGE.moved : CHANGE.none);
}

function isDropped(plan: Plan, field: Field): boolean {
  if (field.tag === TAG.body) return plan.line !== null;
  if (field.tag === TAG.severityText) return plan.severityText !== null;
  return isBadId(field);
}

function writeFields(out: ProtoOut, plan: Plan): void {
  const { list, source, span } = plan;
  let index = 0;
  eachField(source, span, (field) => {
    if (field.tag === TAG.attribute) {
      if (list.listed[index++]?.isKept !== true) return;
    } else if (isDropped(plan, field)) return;
    copyRaw(out, source, { start: field.at, end: field.end });
  });
  if (plan.line !== null) writeText(out, TAG.body, plan.line);
  if (plan.severityText !== null) writeBytes(out, TAG.severityText, plan.severityText);
  if ((plan.change & CHANGE.trimmed) !== 0) writeFlag(out, TAG.attribute, 'signalbox.trimmed');
  if ((plan.change & CHANGE.moved) !== 0) writeFlag(out, TAG.attribute, 'signalbox.moved');
}

/**
 * Writes the LogRecord at `span` so that Loki takes it: its largest attributes and what Loki cannot name go into the
 * line, what is too long for it is cut. Attributes `signalbox.moved` and `signalbox.trimmed` say so. Answers what
 * became of it, what became of its resource and scope included (CHANGE).
 */
export function writeRecord(
  out: ProtoOut,
  record: { source: Uint8Array; span: Span; around: Around },
  limits: LokiLimits,
): number {
  const { around, source, span } = record;
  const plan = planMetadata(source, span, {
    bytes: limits.maxMetadataBytes - around.bytes,
    entries: limits.maxMetadataEntries - around.entries,
  });
  plan.change |= around.change;
  planLine(plan, limits.maxLineBytes);
  writeVarint(out, TAG.logRecord);
  const slot = openSlot(out);
  writeFields(out, plan);
  closeSlot(out, slot);
  return plan.change;
}
