/**
 * The chunks, without their first `skipBytes`, as one piece in memory of its own: chunks are views of larger buffers,
 * which they would keep alive.
 */
export function joinChunks(chunks: readonly Uint8Array[], totalBytes: number, skipBytes = 0): Uint8Array {
  const bytes = Buffer.allocUnsafeSlow(totalBytes - skipBytes);
  let at = -skipBytes;
  for (const chunk of chunks) {
    if (at >= 0) bytes.set(chunk, at);
    else if (at + chunk.byteLength > 0) bytes.set(chunk.subarray(-at));
    at += chunk.byteLength;
  }
  return bytes;
}
