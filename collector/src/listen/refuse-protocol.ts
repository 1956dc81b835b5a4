import { constants } from 'node:http2';
import type { Socket } from 'node:net';
import type { Protocol } from './sniff.ts';

const FRAME_HEAD_BYTES = 9;
const SETTINGS = 0x4;
const GOAWAY = 0x7;

/** Tells whoever speaks a protocol that this port does not, in that protocol, and closes the connection. */
export function refuseProtocol(socket: Socket, protocol: Protocol, message: string): void {
  if (protocol === 'tls') {
    socket.destroy();
    return;
  }
  socket.on('error', () => {});
  socket.end(protocol === 'http2' ? goaway(message) : badRequest(message));
  // What is left of the request is not read, so the other side might never close.
  socket.destroySoon();
}

function badRequest(message: string): string {
  const body = `${message}\n`;
  const head = `content-type: text/plain; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close`;
  return `HTTP/1.1 400 Bad Request\r\n${head}\r\n\r\n${body}`;
}

/** The preface of a server and the end of the connection (RFC 9113, sections 3.4 and 6.8). */
function goaway(message: string): Buffer {
  const text = Buffer.from(message);
  const content = Buffer.alloc(8 + text.length);
  content.writeUInt32BE(constants.NGHTTP2_PROTOCOL_ERROR, 4);
  text.copy(content, 8);
  return Buffer.concat([frame(SETTINGS, Buffer.alloc(0)), frame(GOAWAY, content)]);
}

function frame(type: number, content: Buffer): Buffer {
  const head = Buffer.alloc(FRAME_HEAD_BYTES);
  head.writeUIntBE(content.length, 0, 3);
  head.writeUInt8(type, 3);
  return Buffer.concat([head, content]);
}
