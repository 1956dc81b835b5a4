/** The source text that JSON.parse hands to its reviver beside the value (TC39 "JSON.parse source text access"). */
type SourceReviver = (...seen: [key: string, value: unknown, context?: { source?: string }]) => unknown;

const LONG_INTEGER = /[:,[]\s*-?\d{16,}/;
const INTEGER = /^-?\d+$/;

const keepExact: SourceReviver = (_key, value, context) => {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  return source !== undefined && INTEGER.test(source) ? BigInt(source) : value;
};

/**
 * Parses JSON; integers above 2^53 become BigInt so that every digit that was sent is shown.
 * A text with no number of 16 digits takes the fast way without a reviver. Throws SyntaxError as JSON.parse does.
 */
export function parseExact(text: string): unknown {
  if (!LONG_INTEGER.test(text)) return JSON.parse(text);
  return JSON.parse(text, keepExact as (this: unknown, key: string, value: unknown) => unknown);
}

const rawJson = (JSON as unknown as { rawJSON?: (text: string) => unknown }).rawJSON;

/** The inverse of `parseExact`: BigInt is written as a bare integer (as a string where the browser can't). */
export function stringifyExact(value: unknown, indent = 2): string {
  const replacer = (_key: string, item: unknown) =>
    typeof item === 'bigint' ? (rawJson?.(String(item)) ?? String(item)) : item;
  return JSON.stringify(value, replacer, indent) ?? '';
}
