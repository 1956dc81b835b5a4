/** Values by their content, numbered from 0 in the order of their first appearance. */
export interface Distinct<T> {
  readonly all: T[];
  /** The number of the value with this content, made when it is new. */
  indexOf(content: readonly unknown[], make: () => T): number;
}

export function createDistinct<T>(): Distinct<T> {
  const all: T[] = [];
  const numbers = new Map<string, number>();
  return {
    all,
    indexOf(content, make) {
      const key = JSON.stringify(content);
      const known = numbers.get(key);
      if (known !== undefined) return known;
      numbers.set(key, all.length);
      return all.push(make()) - 1;
    },
  };
}
