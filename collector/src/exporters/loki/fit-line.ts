import { type Moved, movedObject } from './fit-moved.ts';
import { CHANGE } from './fit-part.ts';
import { cutText } from './fit-text.ts';

export interface FittedLine {
  line: Uint8Array;
  /** One of CHANGE. */
  change: number;
}

const BEFORE = Buffer.from('{"signalbox.moved":');
const SPACE = Buffer.from(' ');
const AFTER = Buffer.from('}');

/**
 * The line of at most `maxBytes` that a body and what was moved to it make: `body {"signalbox.moved":{…}}`. Both are
 * cut when there is no room for them, what was moved first, down to a quarter of the line.
 */
export function fitLine(
  body: Uint8Array,
  moved: { items: readonly Moved[]; leftOut: number },
  maxBytes: number,
): FittedLine {
  if (moved.items.length + moved.leftOut === 0) {
    const line = cutText(body, maxBytes);
    return { line, change: line === body ? CHANGE.none : CHANGE.trimmed };
  }
  const between = body.length > 0 ? SPACE : SPACE.subarray(0, 0);
  const around = BEFORE.length + AFTER.length + between.length;
  const room = Math.max(maxBytes - body.length - around, maxBytes >> 2);
  const { isCut, json } = movedObject(moved.items, moved.leftOut, room);
  const kept = cutText(body, maxBytes - around - json.length);
  const change = CHANGE.moved | (isCut || kept !== body ? CHANGE.trimmed : 0);
  return { line: Buffer.concat([kept, between, BEFORE, json, AFTER]), change };
}
