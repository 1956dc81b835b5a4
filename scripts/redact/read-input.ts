import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

/** What a file holds: one request in JSON, such a one on each line, one in protobuf, or lines of text. */
export type InputKind = 'json' | 'json_lines' | 'protobuf' | 'text';

export interface Input {
  name: string;
  kind: InputKind;
  /** 0 when not known beforehand. */
  bytes: number;
  chunks: AsyncIterable<Buffer>;
}

const HEAD_BYTES = 64 * 1024;
const MAX_WHOLE_BYTES = 512 * 1024 * 1024;
const PROTOBUF_NAME = /\.(pb|bin|binpb)$/i;
const REQUEST_KEY = /"resource(Spans|Metrics|Logs)"\s*:/;
const LINE_FEED = 0x0a;
/** Backspace, tab, line feed, form feed, carriage return, escape. */
const TEXT_CONTROLS = new Set([0x08, 0x09, 0x0a, 0x0c, 0x0d, 0x1b]);

function isText(head: Buffer): boolean {
  for (const byte of head) if (byte < 0x20 && !TEXT_CONTROLS.has(byte)) return false;
  try {
    // The head may end within a character.
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Tells by its name and beginning what a file holds. */
export function kindOf(name: string, head: Buffer): InputKind {
  if (PROTOBUF_NAME.test(name) || !isText(head)) return 'protobuf';
  const text = head
    .toString()
    .replace(/^\ufeff/, '')
    .trimStart();
  if (!text.startsWith('{') || !REQUEST_KEY.test(text)) return 'text';
  const end = text.indexOf('\n');
  if (end < 0) return 'json_lines';
  const first = text.slice(0, end);
  return REQUEST_KEY.test(first) && isJson(first) ? 'json_lines' : 'json';
}

async function* joined(head: readonly Buffer[], rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield* head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

/** Opens a file, `-` for standard input, and looks at its beginning. Throws when it cannot be read. */
export async function openInput(file: string): Promise<Input> {
  const isStdin = file === '-';
  const bytes = isStdin ? 0 : (await stat(file)).size;
  const stream = (isStdin ? process.stdin : createReadStream(file)) as AsyncIterable<Buffer>;
  const iterator = stream[Symbol.asyncIterator]();
  const head: Buffer[] = [];
  for (let length = 0; length < HEAD_BYTES; ) {
    const next = await iterator.next();
    if (next.done) break;
    head.push(next.value);
    length += next.value.length;
  }
  const name = isStdin ? 'standard input' : file;
  const kind = kindOf(name, Buffer.concat(head).subarray(0, HEAD_BYTES));
  return { name, kind, bytes, chunks: joined(head, iterator) };
}

/** All of it. Throws above 512 MiB, as what is one message must be held as a whole. */
export async function readWhole({ chunks, name }: Input): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    length += chunk.length;
    if (length > MAX_WHOLE_BYTES) throw new Error(`${name} is one request of more than 512 MiB`);
  }
  return Buffer.concat(parts);
}

/** Its lines without their ends; linear, however long a line is. */
export async function* readLines({ chunks }: Input): AsyncGenerator<Buffer> {
  let open: Buffer[] = [];
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, from)) {
      yield withoutReturn(Buffer.concat([...open, chunk.subarray(from, end)]));
      open = [];
      from = end + 1;
    }
    if (from < chunk.length) open.push(chunk.subarray(from));
  }
  if (open.length > 0) yield withoutReturn(Buffer.concat(open));
}

function withoutReturn(line: Buffer): Buffer {
  return line.at(-1) === 0x0d ? line.subarray(0, -1) : line;
}
