export interface Sort {
  column: string;
  descending: boolean;
}

/** Reads `column` or `-column`; the minus means largest first. */
export function readSort(text: string): Sort {
  return text.startsWith('-')
    ? { column: text.slice(1), descending: true }
    : { column: text, descending: false };
}

/** The text that `readSort` reads. */
export function sortText({ column, descending }: Sort): string {
  return descending ? `-${column}` : column;
}

/** A sorted copy. Missing values (null) stay at the end in both directions; equal ones keep their order. */
export function sortRows<T>(rows: readonly T[], sort: Sort, read: (row: T) => string | number | null): T[] {
  const sign = sort.descending ? -1 : 1;
  return [...rows].sort((left, right) => {
    const a = read(left);
    const b = read(right);
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    if (typeof a === 'string' || typeof b === 'string') return sign * String(a).localeCompare(String(b));
    return sign * (a - b);
  });
}
