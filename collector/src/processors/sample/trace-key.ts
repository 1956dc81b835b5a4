type Slices = { latin1Slice(start: number, end: number): string };
const { latin1Slice } = Buffer.prototype as unknown as Slices;

/** The 16 bytes of a trace id as 16 characters, for maps. */
export function traceKeyAt(bytes: Uint8Array, at: number): string {
  return latin1Slice.call(bytes, at, at + 16);
}

/** The 8 bytes of a span id as 8 characters. */
export function spanKeyAt(bytes: Uint8Array, at: number): string {
  return latin1Slice.call(bytes, at, at + 8);
}
