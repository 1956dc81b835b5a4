/** What was seen of a rule; `observed` is one line, the same in every run. */
export type Verdict = { kind: 'kept' } | { kind: 'partly' | 'broken'; observed: string };

/** Thrown by checks, caught by `judge`. Anything else that they throw is a fault of the suite. */
class Finding extends Error {
  readonly kind: 'partly' | 'broken';

  constructor(kind: 'partly' | 'broken', observed: string) {
    super(observed);
    this.kind = kind;
  }
}

/** The rule is broken. */
export function broken(observed: string): never {
  throw new Finding('broken', observed);
}

/**
 * The rule is kept, but not to the end: something recommended or optional is missing, more is taken than is valid, or
 * the case does not arise.
 */
export function partly(observed: string): never {
  throw new Finding('partly', observed);
}

/** Breaks the rule unless `isKept`. */
export function must(isKept: boolean, observed: string): asserts isKept {
  if (!isKept) broken(observed);
}

/** What `check` saw. Rejects with what else it throws. */
export async function judge(check: () => Promise<void>): Promise<Verdict> {
  try {
    await check();
    return { kind: 'kept' };
  } catch (error) {
    if (error instanceof Finding) return { kind: error.kind, observed: error.message };
    throw error;
  }
}
