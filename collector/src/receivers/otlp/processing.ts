import type { Source } from '#core/payload.ts';
import type { Signal } from '#core/signal.ts';
import type { Interest } from '#otlp/interest.ts';
import type { Spots } from '#otlp/spots.ts';

/** A checked request on its way to the journal. */
export interface Unprocessed {
  signal: Signal;
  bytes: Uint8Array;
  items: number;
  longestItemBytes: number;
  /** What the check met of what `interest` asked for. */
  spots: Spots;
  groups: readonly number[];
  receivedUnixNano: bigint;
  source: Source;
}

/** What goes on: the very same `bytes` when nothing was changed. */
export interface Processed {
  bytes: Uint8Array;
  items: number;
  longestItemBytes: number;
  /** What the sender should know although all was accepted; '' for nothing. */
  warning: string;
}

/** The processors, as the receiver sees them. Throws only by a fault of its own; then nothing may go on. */
export interface Processing {
  interest(receivedUnixNano: bigint): Interest | null;
  process(request: Unprocessed): Processed;
}

/** Changes nothing. */
export const NO_PROCESSING: Processing = {
  interest: () => null,
  process: ({ bytes, items, longestItemBytes }) => ({ bytes, items, longestItemBytes, warning: '' }),
};
