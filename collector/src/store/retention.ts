import type { Clock } from '#core/clock.ts';
import { SIGNALS } from '#core/signal.ts';
import type { ExpiredCounter, ExpiredItems, ExpiryReason } from './expired.ts';
import { type PartitionFile, partitionBytes, utcDay } from './partition-file.ts';
import type { Partitions } from './partitions.ts';
import type { Row } from './reader.ts';
import { ITEM_TABLES } from './sql-files.ts';

const DAY_NANOS = 86_400_000_000_000n;
/** A part this share of the size cap is closed and the next begun, so that the cap can bite within a day. */
const PARTS_PER_CAP = 8;

export interface RetentionDeps {
  partitions: Partitions;
  clock: Clock;
  expired: ExpiredCounter;
  count: (sql: string) => Promise<Row[]>;
}

/** A file that retention removed, and what was in it. */
export interface DroppedPartition {
  file: PartitionFile;
  reason: ExpiryReason;
  items: ExpiredItems[];
}

/**
 * Drops the oldest files while they are older than `max_age_days` or larger together than `max_bytes`.
 * The newest file is never dropped. Returns the files that went.
 */
export async function enforceRetention(
  limits: { max_age_days: number; max_bytes: number },
  deps: RetentionDeps,
): Promise<DroppedPartition[]> {
  const { partitions } = deps;
  const today = utcDay(deps.clock());
  const oldestDay = utcDay(
    deps.clock() - BigInt(Math.round(limits.max_age_days * 1e6)) * (DAY_NANOS / 1_000_000n),
  );
  const current = await partitions.openDay(today);
  if (partitionBytes(current) > limits.max_bytes / PARTS_PER_CAP) await partitions.openNextPart(today);
  const dropped: DroppedPartition[] = [];
  while (partitions.list().length > 1) {
    const oldest = partitions.list()[0]!;
    const reason =
      oldest.day < oldestDay ? 'age' : partitions.totalBytes() > limits.max_bytes ? 'size' : null;
    if (reason === null) break;
    dropped.push({ file: oldest, reason, items: await dropCounted(oldest, reason, deps) });
  }
  return dropped;
}

async function dropCounted(
  file: PartitionFile,
  reason: ExpiryReason,
  deps: RetentionDeps,
): Promise<ExpiredItems[]> {
  const items: ExpiredItems[] = [];
  for (const signal of SIGNALS) {
    const [row] = await deps.count(`SELECT count(*) AS items FROM ${file.catalog}.${ITEM_TABLES[signal]}`);
    items.push({ signal, reason, items: Number(row?.items ?? 0) });
  }
  for (const counted of items) deps.expired.add(counted);
  await deps.partitions.drop(file);
  return items;
}
