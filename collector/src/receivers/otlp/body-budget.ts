import type { Sender } from '#core/gate.ts';

/** One request's share of the memory for bodies. */
export interface BodyLease {
  /** Takes `bytes` more. False when there is no room for them; the lease is then as before. */
  grow(bytes: number): boolean;
  shrink(bytes: number): void;
  /** Gives everything back; twice is harmless. */
  release(): void;
}

export interface BodyBudget {
  lease(sender: Sender): BodyLease;
  usedBytes(): number;
}

interface Holder {
  bytes: number;
  /** When it was last told to come back, on the monotonic clock; room is kept for it for a while. */
  refusedMs: number;
}

/** Senders come back within this, as they are told to, and a little later. */
const EXPECTED_FOR_MS = 10_000;

/**
 * Bounds the bytes that the bodies of all requests in flight hold together. A request that is alone is never refused,
 * since each one is bounded by itself: a small budget makes big requests take turns. Once half is in use, or somebody
 * waits for room, all requests of a sender together get no more than its fair share: `maxBytes` by the number of senders
 * that hold something or were refused shortly before. One request of each sender is always welcome where it fits. So
 * one sender alone may use everything, and has to make room for the next.
 */
export function createBodyBudget(maxBytes: number, monotonicMs: () => number): BodyBudget {
  // As many as there are tenants and keys: whoever shows no good key does not come this far.
  const holders = new Map<string, Holder>();
  let usedBytes = 0;

  function holderOf(name: string): Holder {
    const known = holders.get(name);
    if (known !== undefined) return known;
    const holder = { bytes: 0, refusedMs: Number.NEGATIVE_INFINITY };
    holders.set(name, holder);
    return holder;
  }

  function isExpected({ refusedMs }: Holder): boolean {
    return monotonicMs() - refusedMs < EXPECTED_FOR_MS;
  }

  function forgetIdle(): void {
    for (const [name, holder] of holders) {
      if (holder.bytes === 0 && !isExpected(holder)) holders.delete(name);
    }
  }

  /** Somebody else was refused and holds nothing yet. */
  function isAwaited(but: Holder): boolean {
    return holders.values().some((holder) => holder !== but && holder.bytes === 0 && isExpected(holder));
  }

  /** `ownBytes` and `bytes` of one request of `holder`. */
  function hasRoom(holder: Holder, ownBytes: number, bytes: number): boolean {
    if (usedBytes + bytes > maxBytes && usedBytes > ownBytes) return false;
    if (holder.bytes === ownBytes) return true;
    if (usedBytes + bytes <= maxBytes / 2 && !isAwaited(holder)) return true;
    forgetIdle();
    return holder.bytes + bytes <= maxBytes / holders.size;
  }

  function createLease(name: string): BodyLease {
    let ownBytes = 0;
    const add = (bytes: number) => {
      if (bytes === 0) return;
      ownBytes += bytes;
      usedBytes += bytes;
      const holder = holderOf(name);
      holder.bytes += bytes;
      if (holder.bytes === 0 && !isExpected(holder)) holders.delete(name);
    };
    return {
      grow(bytes) {
        const holder = holderOf(name);
        const isRoom = hasRoom(holder, ownBytes, bytes);
        if (isRoom) add(bytes);
        else holder.refusedMs = monotonicMs();
        return isRoom;
      },
      shrink: (bytes) => add(-Math.min(bytes, ownBytes)),
      release: () => add(-ownBytes),
    };
  }

  return {
    lease: ({ keyId, tenant }) => createLease(tenant === '' ? `key ${keyId}` : `tenant ${tenant}`),
    usedBytes: () => usedBytes,
  };
}
