/**
 * Remembers which rows of `resources`, `scopes` and `series` the open file has, by their whole content.
 * Bounded: when full it starts afresh, which costs a doubled row, never a wrong one.
 */
export interface Interner {
  /** The id for `key`; `add` writes its row when it is new. */
  idOf(key: string, add: (id: number) => void): number;
  /** Keys added since the last commit become known for good. */
  commit(): void;
  /** Forgets keys added since the last commit: their rows were rolled back. */
  rollback(): void;
  clear(): void;
}

export function createInterner(nextId: () => number, maxEntries: number): Interner {
  const known = new Map<string, number>();
  let fresh: string[] = [];
  return {
    idOf(key, add) {
      const found = known.get(key);
      if (found !== undefined) return found;
      if (known.size >= maxEntries) known.clear();
      const id = nextId();
      known.set(key, id);
      fresh.push(key);
      add(id);
      return id;
    },
    commit() {
      fresh = [];
    },
    rollback() {
      for (const key of fresh) known.delete(key);
      fresh = [];
    },
    clear() {
      known.clear();
      fresh = [];
    },
  };
}
