/**
 * The clock of a journal: milliseconds that go on only while the process runs. It begins where the last run was, `lastMs`,
 * or at the wall clock when there was none, and follows the monotonic clock. So neither a clock that was set, at any
 * time, nor the time that the process was off makes anything older that waits.
 */
export function createSteadyClock(
  clocks: { wallMs(): number; monotonicMs(): number },
  lastMs: number | null,
): () => number {
  const startMs = lastMs ?? clocks.wallMs();
  const startedAtMs = clocks.monotonicMs();
  return () => startMs + (clocks.monotonicMs() - startedAtMs);
}
