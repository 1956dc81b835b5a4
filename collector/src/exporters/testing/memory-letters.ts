import type { DeadLetter, DeadLetters } from '../frame/dead-letters.ts';

export interface MemoryLetters extends DeadLetters {
  readonly kept: Map<string, { letter: DeadLetter; bytes: Uint8Array; isMarked: boolean }>;
  /** Items in all of them. */
  items(): number;
}

/** A dead-letter folder without a disk, for tests. */
export function createMemoryLetters(): MemoryLetters {
  const kept: MemoryLetters['kept'] = new Map();
  const nameOf = ({ info, firstItem }: DeadLetter) =>
    `${info.sequence}-${firstItem}-${firstItem + info.items}`;
  return {
    kept,
    items: () => [...kept.values()].reduce((sum, { letter }) => sum + letter.info.items, 0),
    async put(letter, bytes) {
      await null;
      kept.set(nameOf(letter), { letter, bytes, isMarked: false });
      return { letters: 0, items: 0 };
    },
    async dropUncounted({ sequence }, isCounted) {
      for (const [name, { letter }] of kept)
        if (letter.info.sequence >= sequence && !isCounted(letter)) kept.delete(name);
    },
    watch: async () => undefined,
    async marked(max) {
      return [...kept]
        .filter(([, { isMarked }]) => isMarked)
        .slice(0, max)
        .map(([name]) => name);
    },
    read: async (name) => kept.get(name)?.letter ?? null,
    load: async (name) => kept.get(name)?.bytes ?? null,
    async setAside(name) {
      kept.delete(name);
    },
    async finish(name) {
      if (kept.get(name)?.isMarked) kept.delete(name);
    },
  };
}
