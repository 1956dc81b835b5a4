import type { Entry, Lane } from './lane.ts';

export interface GroupLimits {
  maxBytes: number;
  maxItems: number;
  maxRecords: number;
  /** How long a group may wait to be filled. */
  lingerMs: number;
}

/** How many records from the front of a queue fit into one group, at least one, and whether no more would. */
function measure(queue: readonly Entry[], limits: GroupLimits): { size: number; isFilled: boolean } {
  let bytes = 0;
  let items = 0;
  let size = 0;
  for (const { info } of queue) {
    bytes += info.uncompressedBytes;
    items += info.items;
    if (size > 0 && (bytes > limits.maxBytes || items > limits.maxItems)) return { size, isFilled: true };
    size++;
    if (size >= limits.maxRecords) break;
  }
  const isFilled = bytes >= limits.maxBytes || items >= limits.maxItems || size >= limits.maxRecords;
  return { size, isFilled };
}

/** Takes the next group that is filled or has waited long enough; null when there is none. */
export function takeGroup(
  lane: Lane,
  limits: GroupLimits,
  now: { nowMs: number; isFull: boolean },
): Entry[] | null {
  for (const [key, queue] of lane.queues) {
    const { size, isFilled } = measure(queue, limits);
    const isDue = now.isFull || now.nowMs - queue[0]!.queuedAtMs >= limits.lingerMs;
    if (!isFilled && !isDue) continue;
    // Behind the others now, so that no encoding waits for another to run dry.
    lane.queues.delete(key);
    const rest = queue.slice(size);
    if (rest.length > 0) lane.queues.set(key, rest);
    return queue.slice(0, size);
  }
  return null;
}

/** When the next group of the lane has waited long enough; Infinity when none waits. */
export function dueAtMs(lane: Lane, lingerMs: number): number {
  let due = Number.POSITIVE_INFINITY;
  for (const queue of lane.queues.values()) due = Math.min(due, queue[0]!.queuedAtMs + lingerMs);
  return due;
}
