/** The source text that JSON.parse hands to its reviver beside the value (TC39 "JSON.parse source text access"). */
type SourceReviver = (...seen: [key: string, value: unknown, context?: { source?: string }]) => unknown;

const bigintOfInteger: SourceReviver = (_key, value, context) =>
  typeof value === 'number' && /^-?\d+$/.test(context?.source ?? '') ? BigInt(context?.source ?? '') : value;

/**
 * Parses JSON so that nothing about numbers is lost: one written without point or exponent becomes a bigint,
 * any other a number. Two texts are then equal only when integers are equal to the last digit and no integer
 * became a double on the way.
 */
export function readExact(text: string): unknown {
  return JSON.parse(text, bigintOfInteger as (this: unknown, key: string, value: unknown) => unknown);
}
