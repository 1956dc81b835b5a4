/** Places where two lists differ, in order: `before[beforeStart, beforeEnd)` became `after[afterStart, afterEnd)`. */
export type Edits = { beforeStart: number; beforeEnd: number; afterStart: number; afterEnd: number }[];

/** Beyond so many removed and inserted entries the time, its square, would be felt. */
const MAX_STEPS = 1000;

/**
 * The fewest entries to remove and insert that turn `before` into `after` (E. Myers, "An O(ND) Difference Algorithm",
 * 1986); null when they are more than 1,000.
 */
export function editsOf(before: readonly string[], after: readonly string[]): Edits | null {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  const shorter = Math.min(before.length, after.length) - start;
  while (end < shorter && before.at(-1 - end) === after.at(-1 - end)) end++;
  const a = before.slice(start, before.length - end);
  const b = after.slice(start, after.length - end);
  if (a.length === 0 && b.length === 0) return [];
  // One of them is empty: nothing to look for.
  if (a.length === 0 || b.length === 0)
    return shifted([{ x: 0, y: 0, endX: a.length, endY: b.length }], start);
  const trace = search(a, b);
  return trace === null ? null : shifted(walkBack(trace, a.length, b.length), start);
}

interface Step {
  x: number;
  y: number;
  endX: number;
  endY: number;
}

/** The furthest x on each diagonal after each number of steps. */
function search(a: readonly string[], b: readonly string[]): Int32Array[] | null {
  const most = Math.min(a.length + b.length, MAX_STEPS);
  const furthest = new Int32Array(2 * most + 3);
  const trace: Int32Array[] = [];
  for (let steps = 0; steps <= most; steps++) {
    trace.push(furthest.slice(most + 1 - steps - 1, most + 1 + steps + 2));
    for (let diagonal = -steps; diagonal <= steps; diagonal += 2) {
      const at = most + 1 + diagonal;
      const isDown = diagonal === -steps || (diagonal !== steps && furthest[at - 1]! < furthest[at + 1]!);
      let x = isDown ? furthest[at + 1]! : furthest[at - 1]! + 1;
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x++;
      furthest[at] = x;
      if (x >= a.length && x - diagonal >= b.length) return trace;
    }
  }
  return null;
}

/** The steps from the end to the beginning, as they were taken. */
function walkBack(trace: readonly Int32Array[], lengthA: number, lengthB: number): Step[] {
  const taken: Step[] = [];
  let x = lengthA;
  let y = lengthB;
  for (let steps = trace.length - 1; steps > 0; steps--) {
    const furthest = trace[steps]!;
    const middle = steps + 1;
    const diagonal = x - y;
    const below = furthest[middle + diagonal + 1]!;
    const left = furthest[middle + diagonal - 1]!;
    const isDown = diagonal === -steps || (diagonal !== steps && left < below);
    const fromX = isDown ? below : left;
    const fromY = fromX - (isDown ? diagonal + 1 : diagonal - 1);
    taken.push({ x: fromX, y: fromY, endX: isDown ? fromX : fromX + 1, endY: isDown ? fromY + 1 : fromY });
    x = fromX;
    y = fromY;
  }
  return taken.reverse();
}

/** Steps that follow each other are one edit. */
function shifted(steps: readonly Step[], by: number): Edits {
  const edits: Edits = [];
  for (const { endX, endY, x, y } of steps) {
    const last = edits.at(-1);
    if (last?.beforeEnd === x + by && last.afterEnd === y + by) {
      last.beforeEnd = endX + by;
      last.afterEnd = endY + by;
    } else edits.push({ beforeStart: x + by, beforeEnd: endX + by, afterStart: y + by, afterEnd: endY + by });
  }
  return edits;
}
