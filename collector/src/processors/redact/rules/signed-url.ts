import type { Rule, TextRange } from '../rule.ts';
import { byteAt, equalsAnyCaseAt, equalsAt, isRedactedAt, latin1, tableOf } from './bytes.ts';

/** Case-sensitive, as OpenTelemetry's conventions for `url.full` name them. */
const NAMES = [
  'X-Amz-Signature',
  'X-Amz-Credential',
  'X-Amz-Security-Token',
  'AWSAccessKeyId',
  'OSSAccessKeyId',
  'Signature',
  'sig',
  'X-Goog-Signature',
  'X-Goog-Credential',
] as const;
/** The sign after the name, as it is or encoded once more because the address is a parameter of another. */
const SIGNS = ['=', '%3D', '%3d'] as const;
const PARAMETERS = NAMES.flatMap((name) => SIGNS.map((sign) => name + sign));
const BY_FIRST = Array.from({ length: 256 }, (_, byte) =>
  PARAMETERS.filter((parameter) => parameter.charCodeAt(0) === byte),
);

const VALUE_ENDS = tableOf('& "\'<>)]},;#\\`|');
const ENCODED_ENDS = ['%26', '%23', '%22'] as const;
/** What may stand before the first parameter of a query without its address. */
const OPENERS = tableOf(' \t\r\n"\'`=:,;({[<');
const MIN_LONE_CHARACTERS = 16;
const SIGNATURE = /^[\w%+/=.~-]*/;

function valueEnd(text: TextRange, start: number, isEncoded: boolean): number {
  let end = start;
  while (byteAt(text, end) > 0x20 && VALUE_ENDS[text.bytes[end]!] === 0) {
    if (isEncoded && text.bytes[end] === 0x25 && ENCODED_ENDS.some((mark) => equalsAt(text, end, mark)))
      break;
    end++;
  }
  return end;
}

/** Whether a parameter of an address begins at `at`. */
function isInQuery(text: TextRange, at: number): boolean {
  const before = byteAt(text, at - 1);
  if (before === 0x3f || before === 0x26) return true;
  if (before === 0x3b) return equalsAt(text, at - 5, '&amp;');
  if (before !== 0x36 && (before | 0x20) !== 0x66) return false;
  return (
    equalsAt(text, at - 3, '%26') ||
    equalsAnyCaseAt(text, at - 3, '%3f') ||
    equalsAt(text, at - 6, '\\u0026') ||
    equalsAnyCaseAt(text, at - 6, '\\u003f')
  );
}

/** Whether a signature stands at `start`, for a query that is given without its address. */
function isSignature(text: TextRange, start: number): boolean {
  const sample = SIGNATURE.exec(latin1(text, start, start + 64))![0];
  return sample.length >= MIN_LONE_CHARACTERS && /\d/.test(sample) && /[A-Za-z]/.test(sample);
}

/** What proves the right to open a signed address. */
export const signedUrl: Rule = {
  name: 'signed-url',
  title: 'Signatures and credentials in signed URLs',
  anchors: PARAMETERS.map((text) => ({ text })),
  find(text, anchorAt, found) {
    const parameter = BY_FIRST[text.bytes[anchorAt]!]!.find((candidate) =>
      equalsAt(text, anchorAt, candidate),
    );
    if (!parameter) return false;
    const start = anchorAt + parameter.length;
    if (isRedactedAt(text, start)) return false;
    if (!isInQuery(text, anchorAt)) {
      if (anchorAt > text.from && OPENERS[byteAt(text, anchorAt - 1)] === 0) return false;
      if (!isSignature(text, start)) return false;
    }
    found.start = start;
    found.end = valueEnd(text, start, !parameter.endsWith('='));
    return found.end > start;
  },
};
