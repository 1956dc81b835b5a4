import { pairCount } from './ordinary.ts';
import type { Anchor, Rule, TextRange } from './rule.ts';

/** One text that a rule looks for, ready to be compared. */
interface CompiledAnchor {
  rule: number;
  /** Which byte of it is the first of the pair. */
  pair: number;
  bytes: Uint8Array;
  /** Where another byte of it is, what it is, and the bit that does not count: compared before all of them are. */
  probe: number;
  probeByte: number;
  probeFold: number;
  isAt(text: TextRange, start: number): boolean;
}

/** What may be where a pair of bytes is. */
export interface AnchorGroup {
  isDigits: boolean;
  anchors: CompiledAnchor[];
}

export const NO_GROUP = 0;
/** Nothing but digits. */
export const ONLY_DIGITS = 1;
/** Stands for all bytes above it, so that the table is small enough to stay in the nearest cache. */
export const HIGH = 0x7f;

type DigitAnchor = Extract<Anchor, string>;

export interface CompiledAnchors {
  /** The group of each pair of bytes, none above HIGH: seven bits of the first one, then seven of the second. */
  pairs: Uint8Array;
  groups: readonly AnchorGroup[];
  /** Rules that look at runs of digits, by the kind of their anchor. */
  digitRules: Readonly<Record<DigitAnchor, readonly number[]>>;
}

const CASE_BIT = 0x20;

function isLetter(byte: number): boolean {
  const lower = byte | CASE_BIT;
  return lower >= 0x61 && lower <= 0x7a;
}

function isWord(byte: number): boolean {
  return isLetter(byte) || (byte >= 0x30 && byte <= 0x39) || byte === 0x5f;
}

function forms(byte: number, ignoreCase: boolean): number[] {
  return ignoreCase && isLetter(byte) ? [byte | CASE_BIT, byte & ~CASE_BIT] : [byte];
}

function compare(
  text: string,
  options: { ignoreCase: boolean; startsWord: boolean },
): CompiledAnchor['isAt'] {
  const wanted = Buffer.from(options.ignoreCase ? text.toLowerCase() : text);
  const fold = Uint8Array.from(wanted, (byte) => (options.ignoreCase && isLetter(byte) ? CASE_BIT : 0));
  return ({ bytes, from }, start) => {
    for (let i = 0; i < wanted.length; i++) {
      if ((bytes[start + i]! | fold[i]!) !== wanted[i]) return false;
    }
    return !(options.startsWord && start > from && isWord(bytes[start - 1]!));
  };
}

type Cells = Map<number, { isDigits: boolean; anchors: CompiledAnchor[] }>;

function cellOf(cells: Cells, first: number, second: number): AnchorGroup {
  const index = (first << 7) | second;
  const cell = cells.get(index) ?? { isDigits: false, anchors: [] };
  cells.set(index, cell);
  return cell;
}

/** Where in `bytes` the two neighbours are that are rarest in ordinary text. */
function rarestPair(bytes: Uint8Array, ignoreCase: boolean): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let at = 0; at + 1 < bytes.length; at++) {
    let count = 0;
    for (const first of forms(bytes[at]!, ignoreCase)) {
      for (const second of forms(bytes[at + 1]!, ignoreCase)) count += pairCount(first, second);
    }
    if (count < least) {
      best = at;
      least = count;
    }
  }
  return best;
}

/** The byte that the pair does not tell and that is furthest from it. */
function probeOf(bytes: Uint8Array, pair: number, ignoreCase: boolean) {
  const probe = pair > bytes.length - 2 - pair ? 0 : bytes.length - 1;
  const byte = bytes[probe]!;
  const probeFold = ignoreCase && isLetter(byte) ? CASE_BIT : 0;
  return { probe, probeByte: byte | probeFold, probeFold };
}

function addText(cells: Cells, rule: number, anchor: Exclude<Anchor, string>): void {
  const { ignoreCase = false, startsWord = false, text } = anchor;
  const bytes = Buffer.from(text);
  const pair = rarestPair(bytes, ignoreCase);
  const compiled: CompiledAnchor = {
    rule,
    pair,
    bytes,
    ...probeOf(bytes, pair, ignoreCase),
    isAt: compare(text, { ignoreCase, startsWord }),
  };
  const seconds =
    text.length === 1 ? [...Array(HIGH + 1).keys()] : forms(compiled.bytes[pair + 1]!, ignoreCase);
  for (const first of forms(compiled.bytes[pair]!, ignoreCase)) {
    for (const second of seconds) cellOf(cells, first, second).anchors.push(compiled);
  }
}

function addDigits(cells: Cells): void {
  for (let first = 0x30; first <= 0x39; first++) {
    for (let second = 0x30; second <= 0x39; second++) cellOf(cells, first, second).isDigits = true;
  }
}

/** Equal cells share a group, so that a byte is enough to name it. */
function number(cells: Cells): Pick<CompiledAnchors, 'pairs' | 'groups'> {
  const pairs = new Uint8Array((HIGH + 1) ** 2);
  const none: AnchorGroup = { isDigits: false, anchors: [] };
  const groups: AnchorGroup[] = [none, { isDigits: true, anchors: [] }];
  const known = new Map<string, number>([['true:', ONLY_DIGITS]]);
  const ids = new Map<CompiledAnchor, number>();
  for (const [index, cell] of cells) {
    for (const anchor of cell.anchors) if (!ids.has(anchor)) ids.set(anchor, ids.size);
    const names = cell.anchors.map((anchor) => ids.get(anchor));
    const name = `${cell.isDigits}:${names.join(',')}`;
    let group = known.get(name);
    if (group === undefined) {
      group = groups.push(cell) - 1;
      known.set(name, group);
    }
    if (group > 255) throw new Error('too many different anchors');
    pairs[index] = group;
  }
  return { pairs, groups };
}

/** Makes the table that names, for two neighbouring bytes, the anchors that may be there. */
export function compileAnchors(rules: readonly Rule[]): CompiledAnchors {
  const cells: Cells = new Map();
  const digitRules: Record<DigitAnchor, number[]> = {
    digits: [],
    'letter-digits': [],
    'table-digits': [],
  };
  rules.forEach((rule, index) => {
    for (const anchor of rule.anchors) {
      if (typeof anchor === 'string') digitRules[anchor].push(index);
      else addText(cells, index, anchor);
    }
  });
  if (Object.values(digitRules).flat().length > 0) addDigits(cells);
  return { ...number(cells), digitRules };
}
