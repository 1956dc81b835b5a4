/** The chunks as one piece in memory of its own: chunks are views of larger buffers, which they would keep alive. */
export function joinChunks(chunks: readonly Uint8Array[], totalBytes: number): Uint8Array {
  const bytes = Buffer.allocUnsafeSlow(totalBytes);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}
