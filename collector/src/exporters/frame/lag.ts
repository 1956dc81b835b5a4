import type { GapReason, Position, RecordRef, RecordScanner } from '#core/record.ts';

/** What a lane has to read by itself, because it was full when the scanner for all came by. */
export interface Lag {
  /** Where the lane's own scanner is. */
  position: Position;
  /** Items of the lane from there to the scanner for all, by the segment they are in. */
  readonly itemsBySegment: Map<number, number>;
  items: number;
  /** When the oldest of them was received, or one before it. */
  receivedUnixNano: bigint;
  /** Why records went missing on the way, as last told. */
  lostBy: GapReason;
  scanner: RecordScanner | null;
  isReading: boolean;
}

/** A lag that begins with `ref`. */
export function beginLag(ref: RecordRef): Lag {
  return {
    position: { sequence: ref.sequence, itemsBefore: ref.itemsBefore },
    itemsBySegment: new Map(),
    items: 0,
    receivedUnixNano: ref.receivedUnixNano,
    lostBy: 'expired',
    scanner: null,
    isReading: false,
  };
}

/** The scanner for all passes a record of the lane by. */
export function passBy(lag: Lag, ref: RecordRef): void {
  lag.itemsBySegment.set(ref.segment, (lag.itemsBySegment.get(ref.segment) ?? 0) + ref.items);
  lag.items += ref.items;
}

/** The lane's own scanner found a record of it. */
export function takeBack(lag: Lag, ref: RecordRef): void {
  const left = (lag.itemsBySegment.get(ref.segment) ?? 0) - ref.items;
  if (left > 0) lag.itemsBySegment.set(ref.segment, left);
  else lag.itemsBySegment.delete(ref.segment);
  lag.items -= ref.items;
  lag.receivedUnixNano = ref.receivedUnixNano;
}

/** Items that were passed by in segments before `segment` and are not there any more; they leave the lag. */
export function takeLost(lag: Lag, segment: number): number {
  let lost = 0;
  for (const [each, items] of lag.itemsBySegment) {
    if (each >= segment) continue;
    lost += items;
    lag.itemsBySegment.delete(each);
  }
  lag.items -= lost;
  return lost;
}
