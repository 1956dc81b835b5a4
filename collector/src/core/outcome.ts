/**
 * What a stage answers to an offered payload. Expected results are values; exceptions are faults.
 * `rejected` will never pass, `retry_after` may pass once `seconds` have gone by.
 */
export type Outcome =
  | { kind: 'accepted' }
  | { kind: 'rejected'; reason: string }
  | { kind: 'retry_after'; seconds: number; reason: string };

export const ACCEPTED: Outcome = Object.freeze({ kind: 'accepted' });
