/** An attribute key taken apart, in lower case. */
export interface KeyWords {
  /** Split at signs, at camelCase and between letters and digits; without the digits at the end. */
  words: readonly string[];
  /** The first of the words behind the last dot. */
  leafStart: number;
  /** The words without anything between. */
  joined: string;
}

/** What a key says stands at its ends, so of a very long one only those are looked at. */
const MAX_CHARS = 512;
const WORD = /\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{Lo}+|\d+/gu;
const DIGITS = /^\d+$/;

/** The part of a key that it is judged by: of one of more than 1,024 characters the first 512 and the last 512. */
export function judgedPart(key: string): string {
  return key.length <= 2 * MAX_CHARS ? key : key.slice(0, MAX_CHARS) + key.slice(-MAX_CHARS);
}

/** Of a key of more than 512 characters, the words of the last 512. */
export function keyWords(key: string): KeyWords {
  const text = key.length > MAX_CHARS ? key.slice(-MAX_CHARS) : key;
  const words = split(text);
  while (words.length > 0 && DIGITS.test(words.at(-1)!)) words.pop();
  const leaf = split(text.slice(text.lastIndexOf('.', lastLetter(text)) + 1));
  while (leaf.length > 0 && DIGITS.test(leaf.at(-1)!)) leaf.pop();
  return { words, leafStart: words.length - leaf.length, joined: words.join('') };
}

function split(text: string): string[] {
  return (text.match(WORD) ?? []).map((word) => word.toLowerCase());
}

/** Behind it there are only digits and signs, such as the index in a list. */
function lastLetter(text: string): number {
  let at = text.length - 1;
  while (at > 0 && !/\p{L}/u.test(text[at]!)) at--;
  return at;
}

/** Whether the key ends with one of the phrases, words joined by `_`. */
export function endsWithPhrase({ words }: KeyWords, phrases: ReadonlySet<string>): boolean {
  for (let count = 1; count <= 4 && count <= words.length; count++) {
    if (phrases.has(words.slice(-count).join('_'))) return true;
  }
  return false;
}

/** The words of a text as a set, for lists that are read by people. */
export function wordSet(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}
