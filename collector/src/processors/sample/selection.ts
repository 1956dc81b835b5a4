import { cut, type Edit } from '#otlp/rewrite.ts';
import type { Group, Item } from './walk.ts';

/** What is to be done with a request, and what is left of it. Items are spans, log records and data points. */
export interface Selection {
  /** For `rewrite`; none when all stays as it is. */
  edits: Edit[];
  kept: number;
  dropped: { reason: string; rule: string; service: string; items: number }[];
}

function keepGroups(items: readonly Item[]): void {
  for (const { group, verdict } of items) {
    if (verdict !== null) continue;
    for (let each: Group | null = group; each !== null && !each.isKept; each = each.outer) each.isKept = true;
  }
}

interface Run {
  outer: Group | null;
  start: number;
  end: number;
}

/** The widest field around an item that goes in which no item stays. */
function widest(item: Item): Run {
  let run: Run = { outer: item.group, start: item.at, end: item.end };
  for (let each: Group | null = item.group; each !== null && !each.isKept; each = each.outer)
    run = { outer: each.outer, start: each.at, end: each.end };
  return run;
}

function editsOf(items: readonly Item[]): Edit[] {
  keepGroups(items);
  const edits: Edit[] = [];
  let last: Run | null = null;
  const flush = () => {
    if (last !== null) edits.push(cut(last.start, last.end));
    last = null;
  };
  for (const item of items) {
    if (item.verdict === null) {
      if (item.change !== null) edits.push(item.change);
      continue;
    }
    const run = widest(item);
    if (last === null || last.outer !== run.outer || run.start > last.end) {
      flush();
      last = run;
    } else last.end = run.end;
  }
  flush();
  return edits;
}

/** Sums up: items in their order on the wire, each with its verdict. */
export function selectionOf(items: readonly Item[]): Selection {
  const counts = new Map<string, Selection['dropped'][number]>();
  let kept = 0;
  let isSame = true;
  for (const { change, service, verdict } of items) {
    if (verdict === null) {
      kept++;
      if (change !== null) isSame = false;
      continue;
    }
    isSame = false;
    const key = `${verdict.reason}\0${verdict.rule}\0${service}`;
    const count = counts.get(key);
    if (count === undefined) counts.set(key, { ...verdict, service, items: 1 });
    else count.items++;
  }
  return { edits: isSame ? [] : editsOf(items), kept, dropped: [...counts.values()] };
}
