const MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a50;
const MAX_WINDOW_BYTES = 8 * 1024 * 1024;
const DICTIONARY_ID_BYTES = [0, 1, 2, 4];
const CONTENT_SIZE_BYTES = [0, 2, 4, 8];
const RLE_BLOCK = 1;
const RESERVED_BLOCK = 3;

/**
 * Walks the frames of a zstd body without decompressing it (RFC 8878, section 3.1) and says what is wrong,
 * or null when the last frame ends exactly where the body ends. Node's decoder would let the first bytes
 * of another frame pass at the end. Windows above 8 MiB are refused: RFC 9659 allows no more over HTTP.
 */
export function checkZstdFrames(bytes: Uint8Array): string | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  if (bytes.length === 0) return 'the zstd body is empty';
  while (at < bytes.length) {
    const end = frameEnd(view, at);
    if (typeof end === 'string') return `${end} (zstd frame at byte ${at})`;
    at = end;
  }
  return null;
}

function frameEnd(view: DataView, at: number): number | string {
  if (at + 8 > view.byteLength)
    return at === 0 ? 'the body is cut short' : 'bytes are left after the last frame';
  const magic = view.getUint32(at, true);
  if ((magic & 0xfffffff0) === SKIPPABLE_MAGIC) {
    const end = at + 8 + view.getUint32(at + 4, true);
    return end > view.byteLength ? 'the body is cut short' : end;
  }
  if (magic !== MAGIC) return at === 0 ? 'this is not zstd' : 'bytes are left after the last frame';
  const descriptor = view.getUint8(at + 4);
  const single = (descriptor & 0x20) !== 0;
  if (!single && windowBytes(view.getUint8(at + 5)) > MAX_WINDOW_BYTES)
    return 'the window is larger than 8 MiB';
  const contentSizeBytes = CONTENT_SIZE_BYTES[descriptor >> 6]! || (single ? 1 : 0);
  const headerBytes = 5 + (single ? 0 : 1) + DICTIONARY_ID_BYTES[descriptor & 3]! + contentSizeBytes;
  const blocksEnd = skipBlocks(view, at + headerBytes);
  if (typeof blocksEnd === 'string') return blocksEnd;
  const end = blocksEnd + ((descriptor & 4) !== 0 ? 4 : 0);
  return end > view.byteLength ? 'the body is cut short' : end;
}

function windowBytes(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

function skipBlocks(view: DataView, from: number): number | string {
  let at = from;
  for (;;) {
    if (at + 3 > view.byteLength) return 'the body is cut short';
    const header = view.getUint8(at) | (view.getUint8(at + 1) << 8) | (view.getUint8(at + 2) << 16);
    const type = (header >> 1) & 3;
    if (type === RESERVED_BLOCK) return 'a block has the reserved type';
    at += 3 + (type === RLE_BLOCK ? 1 : header >> 3);
    if (at > view.byteLength) return 'the body is cut short';
    if ((header & 1) === 1) return at;
  }
}
