import { RE2JS } from 're2js';
import type { RedactConfig } from './config.ts';
import { markerOf } from './marker.ts';

/** A rule of the operator's own. */
export interface CustomRule {
  name: string;
  /** Whether the text can hold a match at all; costs one search for bytes. */
  mayBeIn(text: Buffer): boolean;
  /** The text with each match replaced, or null when there is none. */
  apply(text: string): string | null;
}

/** What is wrong with a pattern, in English, or null. */
export function patternMistake(pattern: string): string | null {
  try {
    return RE2JS.compile(pattern).matcher('').find()
      ? 'matches the empty text, so it would match everywhere'
      : null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Makes the rules of `redact.custom`, whose patterns have been checked; what `isAllowed` knows stays. */
export function createCustomRules(
  config: RedactConfig['custom'],
  isAllowed: (found: string) => boolean,
): CustomRule[] {
  return config.map(({ contains, name, pattern }) => {
    const compiled = RE2JS.compile(pattern);
    const marker = markerOf(name);
    const literal = Buffer.from(contains);
    return {
      name,
      mayBeIn: (text) => literal.length === 0 || text.includes(literal),
      apply(text) {
        const matcher = compiled.matcher(text);
        let result = '';
        let from = 0;
        while (matcher.find()) {
          const found = matcher.group() ?? '';
          if (found === marker || found === '' || isAllowed(found)) continue;
          result += text.slice(from, matcher.start()) + marker;
          from = matcher.end();
        }
        return from === 0 ? null : result + text.slice(from);
      },
    };
  });
}
