import type { Edit } from '#otlp/rewrite.ts';
import type { KeptRange } from '../content/content-edits.ts';
import { boundary } from '../limit/text.ts';
import type { Policy } from './policies.ts';

/** A secret longer than this that begins before a cut and ends behind it is not found. */
const MARGIN_BYTES = 8192;

export interface TextEditDeps {
  /** Longer texts are cut by `cutText`, which is told how long the text was; null from it when it stays. */
  maxValueBytes: number;
  cutText: (bytes: Uint8Array, totalBytes: number) => Uint8Array | null;
}

/**
 * What becomes of the text, or of the bytes, in a range: redacted first and cut then, as what is cut through would not
 * be found. null when it stays; `policy` is null when nothing in it may be redacted.
 */
export function textEdit(
  bytes: Uint8Array,
  { end, start }: KeptRange,
  deps: TextEditDeps & { policy: Policy | null; onCut: () => void },
): Edit | null {
  const { cutText, maxValueBytes, onCut, policy } = deps;
  const redact = (to: number) => (policy?.enabled ? policy.texts.redact(bytes, start, to) : null);
  const stop = start + maxValueBytes + MARGIN_BYTES;
  if (stop >= end) {
    const redacted = redact(end);
    const whole = redacted ?? bytes.subarray(start, end);
    const shorter = cutText(whole, whole.length);
    if (shorter !== null) onCut();
    const replaced = shorter ?? redacted;
    return replaced === null ? null : { start, end, bytes: replaced };
  }
  // What will be cut off is not looked through. The margin goes too: its end may be half of a secret.
  const beginning = redact(stop) ?? bytes.subarray(start, stop);
  const kept = beginning.subarray(0, boundary(beginning, 0, Math.max(0, beginning.length - MARGIN_BYTES)));
  onCut();
  return { start, end, bytes: cutText(kept, end - start) ?? kept };
}
