/** Wall clock in nanoseconds since 1970 UTC, at millisecond precision; it follows clock jumps. */
export type Clock = () => bigint;

export const systemClock: Clock = () => BigInt(Date.now()) * 1_000_000n;
