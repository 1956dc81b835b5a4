import { SIGNALS, type Signal } from '#core/signal.ts';
import { BLOCK_SIZE } from './load-payload.ts';
import type { AckedBlock, Ledger } from './load-sender.ts';
import type { OtlpSink } from './otlp-sink.ts';
import type { StoreBlocks } from './store-blocks.ts';

/** Acknowledged items that a destination does not have. */
export interface Loss {
  items: number;
  /** The requests they were in, the first ten. */
  blocks: (AckedBlock & { found: number })[];
}

const BLOCKS_SHOWN = 10;

/** What of the acknowledged the store does not hold. */
export function lostInStore(ledger: Ledger, blocks: StoreBlocks): Loss {
  return lossOf(ledger, ({ signal, block }) => blocks[signal].get(block)?.distinct ?? 0);
}

/** What of the acknowledged the sink did not take, other than what it said that it left out or `excused`. */
export function lostAtSink(
  ledger: Ledger,
  { taken, leftOut }: OtlpSink,
  excused: (signal: Signal, id: number) => boolean = () => false,
): Loss {
  return lossOf(ledger, ({ signal, block, items }) => {
    let found = 0;
    for (let id = block * BLOCK_SIZE; id < block * BLOCK_SIZE + items; id++) {
      if (taken[signal].has(id) || leftOut[signal].has(id) || excused(signal, id)) found++;
    }
    return found;
  });
}

function lossOf({ acked }: Ledger, countFound: (block: AckedBlock) => number): Loss {
  const short = acked
    .map((block) => ({ ...block, found: countFound(block) }))
    .filter(({ items, found }) => found < items);
  const items = short.reduce((sum, block) => sum + block.items - block.found, 0);
  return { items, blocks: short.slice(0, BLOCKS_SHOWN) };
}

/** Items that the sink took, each counted once. */
export function distinctTaken({ taken }: OtlpSink): number {
  return SIGNALS.reduce((sum, signal) => sum + taken[signal].size, 0);
}
