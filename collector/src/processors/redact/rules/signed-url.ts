import type { Rule, TextRange } from '../rule.ts';
import { byteAt, equalsAt, isRedactedAt, latin1 } from './bytes.ts';

/** Case-sensitive, as OpenTelemetry's conventions for `url.full` name them. */
const PARAMETERS = [
  'X-Amz-Signature=',
  'X-Amz-Credential=',
  'X-Amz-Security-Token=',
  'AWSAccessKeyId=',
  'Signature=',
  'sig=',
  'X-Goog-Signature=',
  'X-Goog-Credential=',
] as const;
const BEFORE = /(?:[?&]|&amp;|\\u0026|\\u003[fF])$/;
const VALUE_ENDS = new Set(Buffer.from('& "\'<>)]},;#\\`|'));

function valueEnd(text: TextRange, start: number): number {
  let end = start;
  while (byteAt(text, end) > 0x20 && !VALUE_ENDS.has(text.bytes[end]!)) end++;
  return end;
}

/** What proves the right to open a signed address. */
export const signedUrl: Rule = {
  name: 'signed-url',
  title: 'Signatures and credentials in signed URLs',
  anchors: PARAMETERS.map((text) => ({ text })),
  find(text, anchorAt, found) {
    const parameter = PARAMETERS.find((candidate) => equalsAt(text, anchorAt, candidate));
    if (!parameter || !BEFORE.test(latin1(text, anchorAt - 6, anchorAt))) return false;
    const start = anchorAt + parameter.length;
    if (isRedactedAt(text, start)) return false;
    found.start = start;
    found.end = valueEnd(text, start);
    return found.end > start;
  },
};
