import type { Outcome } from '#core/outcome.ts';
import type { Payload } from '#core/payload.ts';

/** Writes one group; answers what all its senders are told. Never throws. */
export type CommitGroup = (payloads: readonly Payload[]) => Promise<Outcome>;

/** Gathers payloads while a group is on its way to the disk, so that many share one sync. */
export interface GroupCommit {
  offer(payload: Payload): Promise<Outcome>;
  pendingBytes(): number;
  /** Commits what waits and refuses what comes after. */
  close(): Promise<void>;
}

interface Waiting {
  payload: Payload;
  settle(outcome: Outcome): void;
}

/** A group larger than this would keep its first sender waiting for no gain. */
const MAX_GROUP_BYTES = 16 * 1024 * 1024;
const MAX_GROUP_RECORDS = 1024;

const FULL: Outcome = { kind: 'retry_after', seconds: 1, reason: 'too much is waiting for the disk' };
const STOPPING: Outcome = { kind: 'retry_after', seconds: 5, reason: 'the journal is stopping' };
const FAULT: Outcome = { kind: 'retry_after', seconds: 5, reason: 'the journal failed; see the log' };

export function createGroupCommit(maxPendingBytes: number, commit: CommitGroup): GroupCommit {
  let queue: Waiting[] = [];
  let pendingBytes = 0;
  let running: Promise<void> | null = null;
  let closed = false;

  function takeGroup(): Waiting[] {
    let bytes = 0;
    let count = 0;
    while (count < queue.length && count < MAX_GROUP_RECORDS && bytes < MAX_GROUP_BYTES) {
      bytes += bytesOf(queue[count++]!.payload);
    }
    const group = queue.slice(0, count);
    queue = count === queue.length ? [] : queue.slice(count);
    return group;
  }

  async function run(): Promise<void> {
    // A turn of the loop, so that requests whose bodies are complete by now come along.
    await new Promise(setImmediate);
    while (queue.length > 0) {
      const group = takeGroup();
      const outcome = await commit(group.map(({ payload }) => payload)).catch(() => FAULT);
      for (const { payload, settle } of group) {
        pendingBytes -= bytesOf(payload);
        settle(outcome);
      }
    }
    running = null;
  }

  return {
    offer(payload) {
      if (closed) return Promise.resolve(STOPPING);
      const bytes = bytesOf(payload);
      if (pendingBytes > 0 && pendingBytes + bytes > maxPendingBytes) return Promise.resolve(FULL);
      pendingBytes += bytes;
      return new Promise((settle) => {
        queue.push({ payload, settle });
        running ??= run();
      });
    },
    pendingBytes: () => pendingBytes,
    async close() {
      closed = true;
      while (running !== null) await running;
    },
  };
}

/** What a payload holds in memory: compressed and not. */
function bytesOf({ bytes, gzip }: Payload): number {
  return bytes.length + (gzip?.length ?? 0);
}
