type Steps = readonly (number | null)[];

/**
 * Counts come as often as they are sent, at most once a minute by default; shorter steps have none between. Gives each
 * step its share of what came at the end of such a gap, up to `most` steps, so that the sum stays the same. Steps
 * before the first count get as much as those before the second.
 */
export function spreadCounts(steps: Steps, most: number): (number | null)[] {
  const spread = [...steps];
  for (const { at, from } of gapsOf(steps, most))
    spread.fill((steps[at] ?? 0) / (at - from + 1), from, at + 1);
  return spread;
}

/** As `spreadCounts` for what is no count, such as a quantile: it is that of the whole gap. */
export function spreadValues(steps: Steps, most: number): (number | null)[] {
  const spread = [...steps];
  for (const { at, from } of gapsOf(steps, most)) spread.fill(steps[at] ?? null, from, at + 1);
  return spread;
}

/** For each step that has a value: from which step on it stands for. */
function* gapsOf(steps: Steps, most: number): Generator<{ at: number; from: number }> {
  const filled = [...steps.keys()].filter((step) => steps[step] !== null);
  for (const [index, at] of filled.entries()) {
    const before = filled[index - 1] ?? at - ((filled[index + 1] ?? at + 1) - at);
    yield { at, from: Math.max(before + 1, at - most, 0) };
  }
}
