import type { Signal } from '#core/signal.ts';
import { scalarText } from '#otlp/any-value.ts';
import { attributeField } from '#otlp/attribute-field.ts';
import { cut, type Edit } from '#otlp/rewrite.ts';
import { SPOT, SPOT_STRIDE, type Spots } from '#otlp/spots.ts';
import { createCursor, readUint32 } from '#otlp/wire.ts';
import { KEY } from '../keys/key-class.ts';
import { CONTENT_MODES, type ContentMode } from './config.ts';
import { isContentEvent } from './content-keys.ts';
import { MODE_KEY } from './content-mode.ts';
import { attributeAt, type ContentField, contentOfEvent, contentOfRecord } from './event-content.ts';

/** A checked request, and the spots of one of its resource groups: the indices `from` to `to` in `spots`. */
export interface ContentInput {
  signal: Signal;
  bytes: Uint8Array;
  spots: Spots;
  from: number;
  to: number;
}

/** Offsets of an AnyValue. */
export interface KeptRange {
  start: number;
  end: number;
}

export interface ContentEdits {
  edits: Edit[];
  /** How many values were taken out. */
  stripped: number;
  /** Values that stay as they came, mode `full`; ascending, apart from one another. */
  kept: KeptRange[];
}

/** The tag of an attribute of an item. Data points are not marked: another attribute would make another series. */
const ATTRIBUTE: Record<Signal, number> = { traces: 0x4a, logs: 0x32, metrics: 0 };

interface Item {
  /** Where its content begins; negative for what is in a resource or scope. */
  id: number;
  content: ContentField[];
  /** Where those of them begin that are not kept in any mode. */
  secret: Set<number>;
  /** Attributes with our key that the sender wrote. */
  marks: ContentField[];
  isRecordRead: boolean;
  /** Where to look for the next event of a span. */
  eventsFrom: number;
}

interface Treatment {
  mode: ContentMode;
  /** The attribute that says so, for items of the signal. */
  mark: Uint8Array;
}

interface Work extends ContentEdits {
  signal: Signal;
  /** Asked for only where there is content. */
  modeOf: () => ContentMode;
  treatment?: Treatment;
}

/**
 * Applies to a resource group the mode of its service, `metadata` where `modeOf` gives no answer: `metadata` takes
 * content out, `full` tells which values nobody may change. Spans and log records with content are marked with the
 * mode; a mark that the sender wrote there goes. Linear in the spots and in the items that they are in.
 */
export function contentEdits(input: ContentInput, modeOf: () => ContentMode): ContentEdits {
  const work: Work = { signal: input.signal, modeOf, edits: [], stripped: 0, kept: [] };
  let item = newItem(Number.NaN);
  for (let at = input.from; at < input.to; at += SPOT_STRIDE) {
    if (!isOurs(input.spots, at)) continue;
    const id = input.spots[at + 7]!;
    if (id !== item.id) {
      finishItem(work, item);
      item = newItem(id);
    }
    addSpot(input, item, at);
  }
  finishItem(work, item);
  return { edits: work.edits, stripped: work.stripped, kept: work.kept };
}

function isOurs(spots: Spots, at: number): boolean {
  const keyClass = spots[at + 6];
  if (spots[at] === SPOT.event) return keyClass === KEY.content;
  return spots[at] === SPOT.keyed && keyClass !== undefined && keyClass >= KEY.content;
}

function newItem(id: number): Item {
  return { id, content: [], secret: new Set(), marks: [], isRecordRead: false, eventsFrom: id };
}

function addSpot({ signal, bytes, spots }: ContentInput, item: Item, at: number): void {
  const start = spots[at + 1]!;
  const range = { start: spots[at + 2]!, end: spots[at + 3]! };
  if (spots[at] === SPOT.event) {
    if (signal === 'logs') addRecord(bytes, item);
    else if (item.id >= 0) addEvent(bytes, item, start);
    return;
  }
  const attribute = attributeAt(bytes, start, range);
  const keyClass = spots[at + 6];
  if (keyClass === KEY.content || keyClass === KEY.secretContent) {
    item.content.push(attribute);
    if (keyClass === KEY.secretContent) item.secret.add(attribute.start);
  } else if (!isAttributeOfItem(bytes, start, signal)) return;
  else if (keyClass === KEY.contentMode) item.marks.push(attribute);
  else if (keyClass === KEY.eventName && signal === 'logs') {
    if (isContentEvent(scalarText(bytes, attribute.valueStart, attribute.valueEnd) ?? ''))
      addRecord(bytes, item);
  }
}

function addRecord(bytes: Uint8Array, item: Item): void {
  if (item.isRecordRead || item.id < 0) return;
  item.isRecordRead = true;
  contentOfRecord(bytes, item.id, item.content);
}

function addEvent(bytes: Uint8Array, item: Item, nameAt: number): void {
  if (nameAt < item.eventsFrom) return;
  item.eventsFrom = contentOfEvent(bytes, { from: item.eventsFrom, nameAt }, item.content);
}

/** Not of an event, a link or a list inside of a value, whose tags are others. */
function isAttributeOfItem(bytes: Uint8Array, start: number, signal: Signal): boolean {
  const cursor = createCursor();
  cursor.at = start;
  return readUint32(bytes, cursor) === ATTRIBUTE[signal];
}

function finishItem(work: Work, item: Item): void {
  const content = outermost(item.content);
  if (content.length === 0) return;
  work.treatment ??= treatmentOf(work);
  const { mode, mark } = work.treatment;
  const isStripped = mode === 'metadata';
  if (isStripped) work.stripped += content.length;
  if (mode === 'full') {
    for (const field of content) {
      const { valueEnd: end, valueStart: start } = field;
      if (end > start && !item.secret.has(field.start)) work.kept.push({ start, end });
    }
  }
  const isMarked = item.id >= 0 && ATTRIBUTE[work.signal] !== 0;
  const gone = [...(isStripped ? content : []), ...(isMarked ? item.marks : [])];
  const edits = gone.map(({ start, end }) => cut(start, end));
  if (isMarked) markItem(item.id, mark, edits);
  for (const edit of edits) work.edits.push(edit);
}

function treatmentOf({ signal, modeOf }: Work): Treatment {
  let mode: ContentMode = 'metadata';
  try {
    const answer = modeOf();
    if (CONTENT_MODES.includes(answer)) mode = answer;
  } catch {
    // What nobody may see is not let through because of a fault.
  }
  return { mode, mark: attributeField(ATTRIBUTE[signal], MODE_KEY, mode) };
}

/** At the front of the item; where a field is cut there, in its place, since what goes in at a cut goes with it. */
function markItem(id: number, mark: Uint8Array, edits: Edit[]): void {
  const first = edits.find(({ start }) => start === id);
  if (first !== undefined) first.bytes = mark;
  else edits.push({ start: id, end: id, bytes: mark });
}

function outermost(fields: ContentField[]): ContentField[] {
  const sorted = fields.sort((a, b) => a.start - b.start || b.end - a.end);
  const kept: ContentField[] = [];
  for (const field of sorted) {
    if (field.end > (kept.at(-1)?.end ?? -1)) kept.push(field);
  }
  return kept;
}
