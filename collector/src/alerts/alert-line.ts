import { crc32 } from 'node:zlib';
import type { Alert, Pairs } from './alert.ts';

/**
 * An alert as a line of the book's file: the CRC-32 of the JSON in eight hexadecimal digits, a space, the JSON with
 * nanoseconds as decimal strings.
 */
export function toLine(alert: Alert): string {
  const json = JSON.stringify(alert, (_key, value) => (typeof value === 'bigint' ? String(value) : value));
  return `${checksum(json)} ${json}\n`;
}

/** The alert of a line without its line break; null when the line is damaged. */
export function fromLine(line: string): Alert | null {
  const json = line.slice(9);
  if (line.slice(0, 9) !== `${checksum(json)} `) return null;
  try {
    return readAlert(JSON.parse(json) as Record<string, unknown>);
  } catch {
    return null;
  }
}

function checksum(json: string): string {
  return crc32(json).toString(16).padStart(8, '0');
}

/** A right checksum says that the line is as somebody wrote it, not that it was us. */
function readAlert(value: Record<string, unknown>): Alert {
  const state = readText(value.state);
  if (state !== 'firing' && state !== 'resolved') throw new Error('not a state');
  const alert: Alert = {
    fingerprint: readText(value.fingerprint),
    state,
    labels: readPairs(value.labels),
    annotations: readPairs(value.annotations),
    startsUnixNano: readNano(value.startsUnixNano),
    endsUnixNano: state === 'firing' ? null : readNano(value.endsUnixNano),
    generatorUrl: readText(value.generatorUrl),
    isCut: value.isCut === true,
    firstNotifiedUnixNano: readNano(value.firstNotifiedUnixNano),
    lastNotifiedUnixNano: readNano(value.lastNotifiedUnixNano),
    notifications: Number(value.notifications),
  };
  if (!Number.isSafeInteger(alert.notifications)) throw new Error('not a count');
  return alert;
}

function readText(value: unknown): string {
  if (typeof value !== 'string') throw new Error('not a text');
  return value;
}

function readNano(value: unknown): bigint {
  return BigInt(readText(value));
}

function readPairs(value: unknown): Pairs {
  const pairs = Object.entries(value as object);
  if (!pairs.every(([, one]) => typeof one === 'string')) throw new Error('not pairs of texts');
  return Object.fromEntries(pairs);
}
