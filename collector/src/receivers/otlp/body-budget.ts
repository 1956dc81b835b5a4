/** One request's share of the memory for bodies. */
export interface BodyLease {
  /** Takes `bytes` more. False when there is no room for them; the lease is then as before. */
  grow(bytes: number): boolean;
  shrink(bytes: number): void;
  /** Gives everything back; twice is harmless. */
  release(): void;
}

export interface BodyBudget {
  lease(): BodyLease;
  usedBytes(): number;
}

/**
 * Bounds the bytes that the bodies of all requests in flight hold together. A request that is alone is
 * never refused, since each one is bounded by itself: a small budget makes big requests take turns.
 */
export function createBodyBudget(maxBytes: number): BodyBudget {
  let usedBytes = 0;
  return {
    lease() {
      let ownBytes = 0;
      const add = (bytes: number) => {
        ownBytes += bytes;
        usedBytes += bytes;
      };
      return {
        grow(bytes) {
          if (usedBytes + bytes > maxBytes && usedBytes > ownBytes) return false;
          add(bytes);
          return true;
        },
        shrink: (bytes) => add(-Math.min(bytes, ownBytes)),
        release: () => add(-ownBytes),
      };
    },
    usedBytes: () => usedBytes,
  };
}
