import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Signal } from '#core/signal.ts';

export type ExpiryReason = 'age' | 'size';
export interface ExpiredItems {
  signal: Signal;
  reason: ExpiryReason;
  items: number;
}

/** Counts what retention removed, over restarts (in `expired.json` beside the partitions). */
export interface ExpiredCounter {
  add(expired: ExpiredItems): void;
  list(): ExpiredItems[];
}

export function openExpiredCounter(folder: string): ExpiredCounter {
  const path = join(folder, 'expired.json');
  const counts: Record<string, number> = readCounts(path);
  return {
    add({ signal, reason, items }) {
      if (items === 0) return;
      const key = `${signal}/${reason}`;
      counts[key] = (counts[key] ?? 0) + items;
      writeFileSync(`${path}.new`, JSON.stringify(counts));
      renameSync(`${path}.new`, path);
    },
    list: () =>
      Object.entries(counts).map(([key, items]) => {
        const [signal, reason] = key.split('/') as [Signal, ExpiryReason];
        return { signal, reason, items };
      }),
  };
}

function readCounts(path: string): Record<string, number> {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Record<string, number>;
  } catch {
    return {};
  }
}
