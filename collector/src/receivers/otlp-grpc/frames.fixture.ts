import net from 'node:net';
import type { TestContext } from 'node:test';
import { callHeaders } from './receiver.fixture.ts';

const END_HEADERS = 0x4;
export const END_STREAM = 0x1;
export const HEADERS = 1;
export const RST_CANCEL = 8;

/** A frame of HTTP/2 by hand (RFC 9113, section 4.1), for what no client would send. */
function frameOf(
  type: number,
  flags: number,
  { id = 0, payload = Buffer.alloc(0) }: { id?: number; payload?: Buffer } = {},
) {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(id, 5);
  return Buffer.concat([head, payload]);
}

export const SETTINGS = frameOf(4, 0);
export const PING = frameOf(6, 0, { payload: Buffer.alloc(8, 1) });
export const PREFACE = Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), SETTINGS]);

export function data(id: number, payload: Buffer, flags = 0): Buffer {
  return frameOf(0, flags, { id, payload });
}

export function reset(id: number, code: number): Buffer {
  const payload = Buffer.alloc(4);
  payload.writeUInt32BE(code);
  return frameOf(3, 0, { id, payload });
}

/** The headers of a call, each a literal without indexing (RFC 7541, section 6.2.2). */
export function headers(id: number, fields = callHeaders(), flags = END_HEADERS): Buffer {
  const all = Object.entries({ ':scheme': 'http', ':authority': 'test', ...fields });
  const pseudoFirst = all.toSorted(([a], [b]) => Number(b.startsWith(':')) - Number(a.startsWith(':')));
  const literals = pseudoFirst.flatMap(([name, value]) => [Buffer.of(0), text(name), text(String(value))]);
  return frameOf(1, flags, { id, payload: Buffer.concat(literals) });
}

function text(value: string): Buffer {
  return Buffer.concat([Buffer.of(value.length), Buffer.from(value)]);
}

/** What came of a connection, frame by frame. */
export function framesIn(bytes: Buffer): { type: number; flags: number; id: number }[] {
  const frames = [];
  for (let at = 0; at + 9 <= bytes.length; at += 9 + bytes.readUIntBE(at, 3)) {
    frames.push({ type: bytes[at + 3]!, flags: bytes[at + 4]!, id: bytes.readUInt32BE(at + 5) });
  }
  return frames;
}

/** A bare connection that has sent its preface and ends with the test; `closed` never fails. */
export function openBare(context: TestContext, port: number) {
  const socket = net.connect({ port, host: '127.0.0.1' });
  context.after(() => socket.destroy());
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  socket.write(PREFACE);
  return { socket, closed };
}
