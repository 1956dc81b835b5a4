import { NOTHING_SETTLED, type SettledCounts } from '#core/progress.ts';

const KINDS = Object.keys(NOTHING_SETTLED) as (keyof SettledCounts)[];

export function emptyCounts(): SettledCounts {
  return { ...NOTHING_SETTLED };
}

export function addCounts(to: SettledCounts, more: Partial<SettledCounts>): void {
  for (const kind of KINDS) to[kind] += more[kind] ?? 0;
}

export function totalOf(counts: SettledCounts): number {
  return KINDS.reduce((sum, kind) => sum + counts[kind], 0);
}
