/** What stands in the place of what `rule` found. */
export function markerOf(rule: string): string {
  return `[redacted:${rule}]`;
}

/** Rules that go by the key of an attribute alone. */
export const KEY_RULES = { credential: 'credential', personal: 'personal', userId: 'user-id' } as const;
/** Stand for a rule that failed, and for a text that took too long to look through. */
export const FAILED_RULE = 'rule-failed';
export const COSTLY_RULE = 'too-costly';
