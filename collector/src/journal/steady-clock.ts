/**
 * Wall time that does not jump while the process runs: it starts at the wall clock, but not before `atLeastMs`, and
 * goes on with the monotonic clock. Ages by it cannot be changed by setting the machine's clock.
 */
export function createSteadyClock(
  clocks: { wallMs(): number; monotonicMs(): number },
  atLeastMs: number,
): () => number {
  const startMs = Math.max(clocks.wallMs(), atLeastMs);
  const startedAtMs = clocks.monotonicMs();
  return () => startMs + (clocks.monotonicMs() - startedAtMs);
}
