import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { RecordInfo } from '#core/record.ts';
import type { Signal } from '#core/signal.ts';
import { checkRequest } from '#otlp/check.ts';
import { type ItemRange, keepItems } from '#otlp/split.ts';
import type { Batch, BatchRecord } from './destination.ts';
import { decide, itemsOf, type Part, type Unit } from './unit.ts';

const gunzipAsync = promisify(gunzip);

/** A payload uncompressed. Throws when it is not what `info` says. */
export async function identityOf(info: RecordInfo, payload: Uint8Array): Promise<Uint8Array> {
  if (info.encoding === 'identity') return payload;
  return gunzipAsync(payload, { maxOutputLength: Math.max(1, info.uncompressedBytes) });
}

/**
 * A payload uncompressed, or `range` of its items, with an `info` of just that: times and longest item are those of the
 * piece, as the hour of a replay is read from them.
 */
export function pieceOf(info: RecordInfo, bytes: Uint8Array, range: ItemRange | null): BatchRecord {
  const payload = range === null ? bytes : keepItems(info.signal, bytes, range);
  const size = { storedBytes: payload.length, uncompressedBytes: payload.length };
  const whole: RecordInfo = { ...info, ...size, encoding: 'identity' };
  if (range === null) return { info: whole, payload };
  const { from, to } = range;
  const items = { itemsBefore: info.itemsBefore + from, items: to - from };
  return { info: { ...whole, ...items, ...measure(info.signal, payload) }, payload };
}

function measure(signal: Signal, payload: Uint8Array): Partial<RecordInfo> {
  const checked = checkRequest(signal, payload);
  if (!checked.ok) return {};
  const { longestItemBytes, maxTimeUnixMs, minTimeUnixMs } = checked;
  return { longestItemBytes, maxTimeUnixMs, minTimeUnixMs };
}

/** What is to be sent of one unit; null when it is lost, which is decided then. */
async function loadUnit(unit: Unit, range: ItemRange | null): Promise<BatchRecord | null> {
  const { info } = unit;
  const payload = unit.isGone() ? 'expired' : await unit.load();
  if (typeof payload === 'string') {
    decide(unit, { [payload]: itemsOf(unit, range) });
    return null;
  }
  if (range === null) return { info, payload };
  return pieceOf(info, await identityOf(info, payload), range);
}

export interface LoadedPart {
  units: Unit[];
  batch: Batch;
}

/** Reads what is left of a part just before it is sent; null when nothing is. Throws what reading throws. */
export async function loadPart(part: Part, isReplay: boolean): Promise<LoadedPart | null> {
  const open = part.units.filter(({ isDecided }) => !isDecided);
  const found = await Promise.all(open.map((unit) => loadUnit(unit, part.range)));
  const units = open.filter((_, index) => found[index] !== null);
  const records = found.filter((record) => record !== null);
  const first = records[0]?.info;
  if (first === undefined) return null;
  const batch: Batch = {
    signal: first.signal,
    tenant: first.tenant,
    records,
    items: records.reduce((sum, { info }) => sum + info.items, 0),
    uncompressedBytes: records.reduce((sum, { info }) => sum + info.uncompressedBytes, 0),
    isReplay,
  };
  return { units, batch };
}
