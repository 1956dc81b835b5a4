import {
  closeSlot,
  createProtoOut,
  openSlot,
  protoBytes,
  writeLengthDelimited,
  writeVarint,
} from './proto-out.ts';

const KEY = 0x0a;
const VALUE = 0x12;
const STRING_VALUE = 0x0a;

/** One KeyValue with a string value as a whole field; `tag` is that of the list of attributes it goes into. */
export function attributeField(tag: number, key: string, value: string): Uint8Array {
  const out = createProtoOut(key.length + value.length + 32);
  writeVarint(out, tag);
  const keyValue = openSlot(out);
  writeVarint(out, KEY);
  writeText(out, key);
  writeVarint(out, VALUE);
  const anyValue = openSlot(out);
  writeVarint(out, STRING_VALUE);
  writeText(out, value);
  closeSlot(out, anyValue);
  closeSlot(out, keyValue);
  return protoBytes(out);
}

function writeText(out: Parameters<typeof writeVarint>[0], text: string): void {
  const bytes = Buffer.from(text);
  writeLengthDelimited(out, { bytes, start: 0, end: bytes.length });
}
