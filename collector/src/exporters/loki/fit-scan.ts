import { createCursor, readUint32, skipField } from '#otlp/wire.ts';
import type { Budget } from './fit-attributes.ts';
import { type Cost, clearCost, createCost } from './fit-cost.ts';
import { contentEnd, findField, type Span } from './fit-fields.ts';
import type { LokiLimits } from './fit-limits.ts';
import { measureResource, measureScope, TAG } from './fit-measure.ts';
import { createRecordCost, measureRecord, type RecordCost } from './fit-record-cost.ts';

/** The fields with one tag in a message, gone through one by one: `start` to `end` is the content of the present one. */
interface Level extends Span {
  tag: number;
  at: number;
  until: number;
}

/** A look through a payload without changing it. */
export interface Scan {
  source: Uint8Array;
  limits: LokiLimits;
  groups: Level;
  scopes: Level;
  records: Level;
  resource: Cost;
  scope: Cost;
  record: RecordCost;
  /** Resource and scope together. */
  around: Budget;
  /** Bytes of all lines seen so far with their metadata, as Loki's rate limits count them. */
  lokiBytes: number;
}

const level = (tag: number): Level => ({ tag, at: 0, until: 0, start: 0, end: 0 });

export function createScan(source: Uint8Array, limits: LokiLimits): Scan {
  return {
    source,
    limits,
    groups: level(TAG.resourceLogs),
    scopes: level(TAG.scopeLogs),
    records: level(TAG.logRecord),
    resource: createCost(source),
    scope: createCost(source),
    record: createRecordCost(source),
    around: { entries: 0, bytes: 0 },
    lokiBytes: 0,
  };
}

const cursor = createCursor();

function open(entered: Level, within: Readonly<Span>): void {
  entered.at = within.start;
  entered.until = within.end;
}

function next(source: Uint8Array, entered: Level): boolean {
  cursor.at = entered.at;
  while (cursor.at < entered.until) {
    const tag = readUint32(source, cursor);
    if (tag !== entered.tag) {
      skipField(source, cursor, tag);
      continue;
    }
    entered.end = contentEnd(source, cursor, entered.until);
    entered.start = cursor.at;
    entered.at = entered.end;
    return true;
  }
  return false;
}

/** Whether Loki takes a record whose resource and scope take `around` of its limits. */
export function isWithin(record: RecordCost, around: Budget, limits: LokiLimits): boolean {
  return (
    !record.isBad &&
    record.lineBytes <= limits.maxLineBytes &&
    record.bytes + around.bytes <= limits.maxMetadataBytes &&
    record.entries + around.entries <= limits.maxMetadataEntries
  );
}

function recordFits(scan: Scan): boolean {
  const { around, limits, record, records } = scan;
  measureRecord(record, records);
  scan.lokiBytes += record.lineBytes + record.bytes + around.bytes;
  return isWithin(record, around, limits);
}

/** Whether Loki takes every line of the ResourceLogs at `span`. */
export function groupFits(scan: Scan, span: Readonly<Span>): boolean {
  const { around, records, resource, scope, scopes, source } = scan;
  clearCost(resource);
  measureResource(resource, findField(source, span, TAG.resource), scan.limits);
  let fits = !resource.isBad;
  open(scopes, span);
  while (next(source, scopes)) {
    clearCost(scope);
    measureScope(scope, findField(source, scopes, TAG.scope));
    if (scope.isBad) fits = false;
    around.bytes = resource.bytes + scope.bytes;
    around.entries = resource.entries + scope.entries;
    open(records, scopes);
    while (next(source, records)) if (!recordFits(scan)) fits = false;
  }
  return fits;
}

/** Whether Loki takes every line of the request. */
export function requestFits(scan: Scan): boolean {
  let fits = true;
  open(scan.groups, { start: 0, end: scan.source.length });
  while (next(scan.source, scan.groups)) if (!groupFits(scan, scan.groups)) fits = false;
  return fits;
}
