/**
 * The attribute sets seen, by 64 bits of hash, in typed arrays: 16 bytes a slot, 2/3 of the slots in use at most, and
 * twice as many slots whenever they are. So 200,000 sets take 8 MiB, 12 MiB while it grows, and never more.
 */
export interface SeriesTable {
  readonly size: number;
  /** The stream the set belongs to when it is known, which is seen now; else -1. */
  touch(a: number, b: number, minute: number): number;
  /** Adds a set that `touch` did not find last. */
  add(stream: number, minute: number): void;
  /** Forgets sets last seen before `minute`, each told to `onForgotten` by its stream. Linear in the slots. */
  forget(minute: number, onForgotten: (stream: number) => void): void;
}

interface Slots {
  a: Int32Array;
  b: Int32Array;
  /** 0 is free, else the stream plus 1. */
  stream: Uint32Array;
  minute: Uint32Array;
}

const FIRST_SLOTS = 1024;

function createSlots(count: number): Slots {
  return {
    a: new Int32Array(count),
    b: new Int32Array(count),
    stream: new Uint32Array(count),
    minute: new Uint32Array(count),
  };
}

function slotOf(slots: Slots, a: number, b: number): number {
  const mask = slots.a.length - 1;
  let slot = (a ^ b) & mask;
  while (slots.stream[slot] !== 0 && (slots.a[slot] !== a || slots.b[slot] !== b)) slot = (slot + 1) & mask;
  return slot;
}

function copyTo(target: Slots, from: Slots, slot: number): void {
  const to = slotOf(target, from.a[slot]!, from.b[slot]!);
  target.a[to] = from.a[slot]!;
  target.b[to] = from.b[slot]!;
  target.stream[to] = from.stream[slot]!;
  target.minute[to] = from.minute[slot]!;
}

function hasOlder(slots: Slots, minute: number): boolean {
  for (let slot = 0; slot < slots.stream.length; slot++)
    if (slots.stream[slot] !== 0 && slots.minute[slot]! < minute) return true;
  return false;
}

export function createSeriesTable(): SeriesTable {
  let slots = createSlots(FIRST_SLOTS);
  let size = 0;
  const last = { a: 0, b: 0, slot: 0 };

  function grow(): void {
    const grown = createSlots(slots.a.length * 2);
    for (let slot = 0; slot < slots.a.length; slot++)
      if (slots.stream[slot] !== 0) copyTo(grown, slots, slot);
    slots = grown;
    last.slot = slotOf(slots, last.a, last.b);
  }

  return {
    get size() {
      return size;
    },
    touch(a, b, minute) {
      last.a = a;
      last.b = b;
      last.slot = slotOf(slots, a, b);
      const stream = slots.stream[last.slot]! - 1;
      if (stream >= 0) slots.minute[last.slot] = minute;
      return stream;
    },
    add(stream, minute) {
      if ((size + 1) * 3 > slots.a.length * 2) grow();
      const { a, b, slot } = last;
      slots.a[slot] = a;
      slots.b[slot] = b;
      slots.stream[slot] = stream + 1;
      slots.minute[slot] = minute;
      size++;
    },
    forget(minute, onForgotten) {
      // Under a flood nothing is idle, and each minute a table would be built anew for nothing.
      if (!hasOlder(slots, minute)) return;
      const kept = createSlots(slots.a.length);
      size = 0;
      for (let slot = 0; slot < slots.a.length; slot++) {
        if (slots.stream[slot] === 0) continue;
        if (slots.minute[slot]! < minute) onForgotten(slots.stream[slot]! - 1);
        else {
          copyTo(kept, slots, slot);
          size++;
        }
      }
      slots = kept;
      last.slot = slotOf(slots, last.a, last.b);
    },
  };
}
