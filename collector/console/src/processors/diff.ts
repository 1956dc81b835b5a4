import { type Edits, editsOf } from './edits.ts';

/** A piece of a text that stayed, went or came. */
export interface DiffPart {
  kind: 'same' | 'removed' | 'inserted';
  text: string;
}

/** What is put in the place of something is one word, and so is what looks like a name. */
const WORDS = /\[redacted:[\w-]+\]|hmac:[0-9a-f]{32}|[\p{L}\p{N}_]+|\s+|./gsu;

/**
 * What turns `before` into `after`, by lines and within those by words. Concatenated, the parts that were not inserted
 * are `before`, and those that were not removed `after`.
 */
export function diffTexts(before: string, after: string): DiffPart[] {
  const parts: DiffPart[] = [];
  for (const { inserted, removed, same } of blocks(linesOf(before), linesOf(after))) {
    push(parts, 'same', same);
    if (removed !== '' || inserted !== '') diffWords(parts, removed, inserted);
  }
  return parts;
}

interface Block {
  same: string;
  removed: string;
  inserted: string;
}

function blocks(before: readonly string[], after: readonly string[]): Block[] {
  const edits = editsOf(before, after);
  return edits === null ? lineByLine(before, after) : blocksOf(edits, before, after);
}

/** Where more differs than can be looked for: mostly lines changed in their place, and the end was cut off. */
function lineByLine(before: readonly string[], after: readonly string[]): Block[] {
  const both = Math.min(before.length, after.length);
  const pairs = before.slice(0, both).map((line, index) => {
    const other = after[index]!;
    return line === other
      ? { same: line, removed: '', inserted: '' }
      : { same: '', removed: line, inserted: other };
  });
  return [...pairs, { same: '', removed: before.slice(both).join(''), inserted: after.slice(both).join('') }];
}

function blocksOf(edits: Edits, before: readonly string[], after: readonly string[]): Block[] {
  const found: Block[] = [];
  let at = 0;
  for (const { beforeEnd, beforeStart, afterEnd, afterStart } of edits) {
    const same = before.slice(at, beforeStart).join('');
    const removed = before.slice(beforeStart, beforeEnd);
    const inserted = after.slice(afterStart, afterEnd);
    // Lines that changed in their place are each compared with their own.
    if (removed.length === inserted.length) {
      found.push({ same, removed: '', inserted: '' });
      for (const [index, line] of removed.entries()) {
        found.push({ same: '', removed: line, inserted: inserted[index]! });
      }
    } else found.push({ same, removed: removed.join(''), inserted: inserted.join('') });
    at = beforeEnd;
  }
  return [...found, { same: before.slice(at).join(''), removed: '', inserted: '' }];
}

function diffWords(parts: DiffPart[], removed: string, inserted: string): void {
  const before = removed.match(WORDS) ?? [];
  const after = inserted.match(WORDS) ?? [];
  const edits = editsOf(before, after) ?? [
    { beforeStart: 0, beforeEnd: before.length, afterStart: 0, afterEnd: after.length },
  ];
  let at = 0;
  for (const { beforeEnd, beforeStart, afterEnd, afterStart } of edits) {
    push(parts, 'same', before.slice(at, beforeStart).join(''));
    push(parts, 'removed', before.slice(beforeStart, beforeEnd).join(''));
    push(parts, 'inserted', after.slice(afterStart, afterEnd).join(''));
    at = beforeEnd;
  }
  push(parts, 'same', before.slice(at).join(''));
}

function push(parts: DiffPart[], kind: DiffPart['kind'], text: string): void {
  if (text === '') return;
  const last = parts.at(-1);
  if (last?.kind === kind) last.text += text;
  else parts.push({ kind, text });
}

function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** At most so many characters of the parts, and how many are left out. */
export function cutParts(parts: readonly DiffPart[], most: number): { parts: DiffPart[]; leftOut: number } {
  const kept: DiffPart[] = [];
  let room = most;
  let leftOut = 0;
  for (const { kind, text } of parts) {
    if (room > 0) kept.push({ kind, text: text.slice(0, room) });
    leftOut += Math.max(0, text.length - room);
    room = Math.max(0, room - text.length);
  }
  return { parts: kept, leftOut };
}
