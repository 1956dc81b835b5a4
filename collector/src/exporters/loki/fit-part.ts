import type { ProtoOut } from '#otlp/proto-out.ts';
import {
  type AttributeList,
  type Budget,
  keepWithin,
  listAttributes,
  movedAttribute,
} from './fit-attributes.ts';
import { createCost } from './fit-cost.ts';
import { eachField, type Field, type Span } from './fit-fields.ts';
import { movedObject } from './fit-moved.ts';
import { copyRaw, writeTextAttribute } from './fit-out.ts';

/** What became of a part: nothing, all of it is there but elsewhere, or some of it was cut. Bits of one number. */
export const CHANGE = { none: 0, moved: 1, trimmed: 2 } as const;

/** A Resource or InstrumentationScope in `source` and what is special about it. */
export interface Part {
  source: Uint8Array;
  span: Readonly<Span>;
  /** Of its attributes. */
  tag: number;
  /** The attribute that takes those for which there is no room, as JSON. */
  movedKey: string;
  isMetadata(attribute: Span): boolean;
  /** Writes another field in another form; false when it is to be copied. */
  replace(out: ProtoOut, field: Field): boolean;
}

/** Enough for the name of `movedKey` in Loki and a little text. */
const MOVED_BYTES = 256;

function isWhole({ leftOut, listed }: AttributeList): boolean {
  return leftOut === 0 && listed.every(({ isKept }) => isKept);
}

function writeFields(out: ProtoOut, part: Part, list: AttributeList): void {
  let index = 0;
  eachField(part.source, part.span, (field) => {
    if (field.tag === part.tag && part.isMetadata(field)) {
      if (list.listed[index++]?.isKept !== true) return;
    } else if (part.replace(out, field)) return;
    copyRaw(out, part.source, { start: field.at, end: field.end });
  });
}

/**
 * Writes the part so that its attributes take no more than `budget`: the smallest stay, the others become one
 * attribute with their names and values as JSON, cut where that has no room either. Answers one of CHANGE.
 */
export function writePart(out: ProtoOut, part: Part, budget: Budget): number {
  const { movedKey, source } = part;
  const list = listAttributes(createCost(source), part, part.isMetadata);
  keepWithin(list, budget);
  if (isWhole(list)) {
    writeFields(out, part, list);
    return CHANGE.none;
  }
  const kept = keepWithin(list, { entries: budget.entries - 1, bytes: budget.bytes - MOVED_BYTES });
  writeFields(out, part, list);
  const moved = list.listed.filter(({ isKept }) => !isKept).map((one) => movedAttribute(source, one));
  const { isCut, json } = movedObject(moved, list.leftOut, budget.bytes - kept.bytes - movedKey.length);
  writeTextAttribute(out, part.tag, { key: Buffer.from(movedKey), text: json });
  return isCut ? CHANGE.trimmed : CHANGE.moved;
}
