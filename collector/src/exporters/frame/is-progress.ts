import { NOTHING_SETTLED, type Progress } from '#core/progress.ts';

const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;

/** Whether something read from outside has the shape of Progress. */
export function isProgress(value: unknown): value is Progress {
  if (typeof value !== 'object' || value === null) return false;
  const { journalId, sequence, itemsBefore, startItems, counts, tenants, aheadItems } = value as Progress;
  const isMap = (each: unknown) => typeof each === 'object' && each !== null && !Array.isArray(each);
  return (
    typeof journalId === 'string' &&
    [sequence, itemsBefore, startItems].every(isCount) &&
    Number.isSafeInteger(aheadItems) &&
    isMap(counts) &&
    Object.keys(NOTHING_SETTLED).every((kind) => isCount(counts[kind as keyof typeof counts])) &&
    isMap(tenants) &&
    Object.values(tenants).every(isCount)
  );
}
