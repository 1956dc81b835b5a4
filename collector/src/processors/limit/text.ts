/** RFC 3629. */
const MAX_CHAR_BYTES = 4;

/** Moves `at` back to where a character ends; bytes that are no UTF-8 are cut where they are. */
export function boundary(bytes: Uint8Array, start: number, at: number): number {
  for (let back = 1; back <= MAX_CHAR_BYTES && at - back >= start; back++) {
    const byte = bytes[at - back]!;
    if ((byte & 0xc0) === 0x80) continue;
    const needed = byte < 0xc0 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return needed > back ? at - back : at;
  }
  return at;
}

/**
 * `bytes[start, end)` cut to at most `maxBytes`, the marker `…[cut: 1048576 bytes]` at its end included, which says
 * how many bytes it had; null when it is no longer than that. `totalBytes` is for who has only the beginning of a text.
 * UTF-8 is cut between characters.
 */
export function cutText(
  bytes: Uint8Array,
  range: { start: number; end: number; totalBytes?: number },
  maxBytes: number,
): Uint8Array | null {
  const { end, start, totalBytes = end - start } = range;
  if (totalBytes <= maxBytes) return null;
  const marker = Buffer.from(`…[cut: ${totalBytes} bytes]`);
  if (marker.length > maxBytes)
    return bytes.slice(start, boundary(bytes, start, Math.min(end, start + maxBytes)));
  const stop = boundary(bytes, start, Math.min(end, start + maxBytes - marker.length));
  const result = new Uint8Array(stop - start + marker.length);
  result.set(bytes.subarray(start, stop));
  result.set(marker, stop - start);
  return result;
}
