import {
  createProtoOut,
  type ProtoOut,
  protoBytes,
  writeLengthDelimited,
  writeVarint,
} from '#otlp/proto-out.ts';

function written(write: (out: ProtoOut) => void, capacityBytes: number): Uint8Array {
  const out = createProtoOut(capacityBytes);
  write(out);
  return protoBytes(out);
}

/** A length-delimited field; `tag` is field number and wire type. */
export function messageField(tag: number, content: Uint8Array): Uint8Array {
  return written((out) => {
    writeVarint(out, tag);
    writeLengthDelimited(out, { bytes: content, start: 0, end: content.length });
  }, content.length + 15);
}

/** A field with an unsigned varint. */
export function varintField(tag: number, value: number): Uint8Array {
  return written((out) => {
    writeVarint(out, tag);
    writeVarint(out, value);
  }, 15);
}

/** The content of an AnyValue that is a text. */
export function textValue(text: string): Uint8Array {
  return messageField(0x0a, Buffer.from(text));
}

/** The content of a KeyValue, whose value is the content of an AnyValue. */
export function keyValue(key: string, value: Uint8Array): Uint8Array {
  return Buffer.concat([messageField(0x0a, Buffer.from(key)), messageField(0x12, value)]);
}

/** Where the message ends whose content begins at `start` and which stands in a length-delimited field. */
export function contentEnd(bytes: Uint8Array, start: number): number {
  // The last byte of the tag before it has no continuation bit, so the length begins behind the nearest such byte.
  let at = start - 1;
  while (at > 0 && bytes[at - 1]! >= 0x80) at--;
  let length = 0;
  for (let scale = 1; at < start; at++, scale *= 128) length += (bytes[at]! & 0x7f) * scale;
  return start + length;
}
