/** What an Export<Signal>ServiceResponse tells: items that were left out, and why. Nothing of both is full success. */
export interface PartialSuccess {
  rejected: number;
  message: string;
}

interface Reader {
  bytes: Uint8Array;
  at: number;
}

const FULL: PartialSuccess = { rejected: 0, message: '' };

/** A varint; NaN when it is cut off or longer than 10 bytes. Exact up to 2^53. */
function varint(reader: Reader): number {
  let value = 0;
  for (let index = 0; index < 10 && reader.at < reader.bytes.length; index++) {
    const byte = reader.bytes[reader.at++]!;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return value;
  }
  return Number.NaN;
}

/** Calls `visit` for every field; false when the bytes are no protobuf message. They come from outside: nothing is trusted. */
function eachField(bytes: Uint8Array, visit: (tag: number, value: number | Uint8Array) => void): boolean {
  const reader: Reader = { bytes, at: 0 };
  while (reader.at < bytes.length) {
    const tag = varint(reader);
    const wire = tag % 8;
    const size = wire === 2 ? varint(reader) : wire === 1 ? 8 : wire === 5 ? 4 : -1;
    if (wire === 0) {
      const value = varint(reader);
      if (Number.isNaN(value)) return false;
      visit(tag, value);
      continue;
    }
    if (!(size >= 0) || reader.at + size > bytes.length) return false;
    visit(tag, bytes.subarray(reader.at, reader.at + size));
    reader.at += size;
  }
  return true;
}

const text = (value: number | Uint8Array) => Buffer.from(value as Uint8Array).toString('utf8');

/**
 * Reads an Export<Signal>ServiceResponse (the three share their shape) that another program sent, as protobuf.
 * null when it is malformed; a count outside of what a number holds exactly, or below zero, counts as none.
 */
export function readExportResponse(bytes: Uint8Array): PartialSuccess | null {
  const found = { ...FULL };
  let isWell = true;
  const whole = eachField(bytes, (tag, value) => {
    if (tag !== 0x0a) return;
    isWell &&= eachField(value as Uint8Array, (inner, part) => {
      if (inner === 0x08) found.rejected = Number.isSafeInteger(part) ? (part as number) : 0;
      if (inner === 0x12) found.message = text(part);
    });
  });
  return whole && isWell ? found : null;
}

/** The message of a google.rpc.Status as protobuf; '' when there is none or the bytes are something else. */
export function readStatusMessage(bytes: Uint8Array): string {
  let message = '';
  const isWell = eachField(bytes, (tag, value) => {
    if (tag === 0x12) message = text(value);
  });
  return isWell ? message : '';
}
