import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { RecordInfo } from '#core/record.ts';
import { type ItemRange, keepItems } from '#otlp/split.ts';
import type { Batch, BatchRecord } from './destination.ts';
import { decide, itemsOf, type Part, type Unit } from './unit.ts';

const gunzipAsync = promisify(gunzip);

/** A payload uncompressed. Throws when it is not what `info` says. */
export async function identityOf(info: RecordInfo, payload: Uint8Array): Promise<Uint8Array> {
  if (info.encoding === 'identity') return payload;
  return gunzipAsync(payload, { maxOutputLength: Math.max(1, info.uncompressedBytes) });
}

function pieceInfo(info: RecordInfo, range: ItemRange, bytes: number): RecordInfo {
  return {
    ...info,
    encoding: 'identity',
    itemsBefore: info.itemsBefore + range.from,
    items: range.to - range.from,
    storedBytes: bytes,
    uncompressedBytes: bytes,
  };
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
  const piece = keepItems(info.signal, await identityOf(info, payload), range);
  return { info: pieceInfo(info, range, piece.length), payload: piece };
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
