import {
  closeSlot,
  createProtoOut,
  openSlot,
  type ProtoOut,
  protoBytes,
  writeVarint,
} from '#otlp/proto-out.ts';
import type { Budget } from './fit-attributes.ts';
import { clearCost, createCost } from './fit-cost.ts';
import { eachField, type Field, findField, type Span } from './fit-fields.ts';
import type { LokiLimits } from './fit-limits.ts';
import { measureScope, TAG } from './fit-measure.ts';
import { copyRaw, writeBytes } from './fit-out.ts';
import { CHANGE } from './fit-part.ts';
import { type Around, writeRecord } from './fit-record.ts';
import { createRecordCost, measureRecord, type RecordCost } from './fit-record-cost.ts';
import { createScan, groupFits, isWithin, requestFits, type Scan } from './fit-scan.ts';
import { type Fitted, fitResource, fitScope } from './fit-shared.ts';

/** A payload that Loki takes. */
export interface FittedPayload {
  /** The very array that was given when nothing had to change. */
  payload: Uint8Array;
  /** Log records of which something is cut: of themselves, or of their resource or scope. */
  trimmed: number;
  /** Log records of which everything is there, but not all of it where it was. */
  moved: number;
  /** Bytes of all lines with their metadata, as Loki's `ingestion_rate_mb` and per-stream limits count them. */
  lokiBytes: number;
}

/** What of a line's metadata is kept for its own fields and for our marks, which are at most 357 and 9. */
const OWN: Budget = { bytes: 512, entries: 16 };
/** What a resource leaves for a scope that grows by the attribute that says what was moved. */
const SCOPE_GROWTH: Budget = { bytes: 256, entries: 4 };

interface Work {
  source: Uint8Array;
  limits: LokiLimits;
  scan: Scan;
  record: RecordCost;
  out: ProtoOut;
  trimmed: number;
  moved: number;
}

const copyOf = ({ start, end }: Readonly<Span>): Span => ({ start, end });

/** What the largest scope of a ResourceLogs takes. */
function largestScope(source: Uint8Array, span: Span): Budget {
  const most: Budget = { bytes: 0, entries: 0 };
  const cost = createCost(source);
  eachField(source, span, (field) => {
    if (field.tag !== TAG.scopeLogs) return;
    clearCost(cost);
    measureScope(cost, findField(source, field, TAG.scope));
    most.bytes = Math.max(most.bytes, cost.bytes);
    most.entries = Math.max(most.entries, cost.entries);
  });
  return most;
}

/** A resource may take what its scopes leave, and half of all in any case. */
function resourceBudget({ maxMetadataBytes, maxMetadataEntries }: LokiLimits, scope: Budget): Budget {
  const bytes = maxMetadataBytes - OWN.bytes - SCOPE_GROWTH.bytes - scope.bytes;
  const entries = maxMetadataEntries - OWN.entries - SCOPE_GROWTH.entries - scope.entries;
  return {
    bytes: Math.max(bytes, maxMetadataBytes >> 1),
    entries: Math.max(entries, maxMetadataEntries >> 1),
  };
}

function writeAnyRecord(work: Work, field: Field, around: Around): void {
  const { limits, out, record, source } = work;
  measureRecord(record, field);
  if (around.change === CHANGE.none && isWithin(record, around, limits)) {
    copyRaw(out, source, { start: field.at, end: field.end });
    return;
  }
  const change = writeRecord(out, { source, span: copyOf(field), around }, limits);
  if ((change & CHANGE.trimmed) !== 0) work.trimmed++;
  else if (change !== CHANGE.none) work.moved++;
}

/** Writes a part in its new form, or the field as it is when it has none. */
function writeFitted(work: Work, field: Field, { bytes }: Fitted): void {
  if (bytes === null) copyRaw(work.out, work.source, { start: field.at, end: field.end });
  else writeBytes(work.out, field.tag, bytes);
}

function writeScopeLogs(work: Work, within: Field, resource: Fitted): void {
  const { limits, out, source } = work;
  const scope = fitScope(source, copyOf(findField(source, within, TAG.scope)), {
    bytes: limits.maxMetadataBytes - OWN.bytes - resource.cost.bytes,
    entries: limits.maxMetadataEntries - OWN.entries - resource.cost.entries,
  });
  const around: Around = {
    bytes: resource.cost.bytes + scope.cost.bytes,
    entries: resource.cost.entries + scope.cost.entries,
    change: resource.change | scope.change,
  };
  writeVarint(out, within.tag);
  const slot = openSlot(out);
  eachField(source, within, (field) => {
    if (field.tag === TAG.logRecord) writeAnyRecord(work, field, around);
    else if (field.tag === TAG.scope) writeFitted(work, field, scope);
    else copyRaw(out, source, { start: field.at, end: field.end });
  });
  closeSlot(out, slot);
}

function writeResourceLogs(work: Work, within: Field): void {
  const { limits, out, source } = work;
  const resource = fitResource(source, copyOf(findField(source, within, TAG.resource)), {
    budget: resourceBudget(limits, largestScope(source, within)),
    limits,
  });
  writeVarint(out, within.tag);
  const slot = openSlot(out);
  eachField(source, within, (field) => {
    if (field.tag === TAG.scopeLogs) writeScopeLogs(work, field, resource);
    else if (field.tag === TAG.resource) writeFitted(work, field, resource);
    else copyRaw(out, source, { start: field.at, end: field.end });
  });
  closeSlot(out, slot);
}

function rewrite(source: Uint8Array, limits: LokiLimits): FittedPayload {
  const work: Work = {
    source,
    limits,
    scan: createScan(source, limits),
    record: createRecordCost(source),
    out: createProtoOut(source.length),
    trimmed: 0,
    moved: 0,
  };
  eachField(source, { start: 0, end: source.length }, (field) => {
    if (field.tag === TAG.resourceLogs && !groupFits(work.scan, field)) writeResourceLogs(work, field);
    else copyRaw(work.out, source, { start: field.at, end: field.end });
  });
  const payload = protoBytes(work.out);
  const after = createScan(payload, limits);
  requestFits(after);
  return { payload, trimmed: work.trimmed, moved: work.moved, lokiBytes: after.lokiBytes };
}

/**
 * A request of log records, uncompressed and checked, in a form that Loki takes. Groups whose lines all fit are left
 * byte for byte, and in the others every record that fits, unless its resource or scope had to change. Of the rest the
 * largest attributes go into the line as JSON, and what is too long is cut; the README has the table. Times are not
 * looked at. Costs one pass without allocations for each record when everything fits. Bytes that are malformed are
 * given back as they are.
 */
export function fitForLoki(payload: Uint8Array, limits: LokiLimits): FittedPayload {
  const scan = createScan(payload, limits);
  try {
    if (!requestFits(scan)) return rewrite(payload, limits);
  } catch (error) {
    // Bytes that were not checked: a length behind the end, or values nested until the stack is full.
    if (!(error instanceof RangeError)) throw error;
  }
  return { payload, trimmed: 0, moved: 0, lokiBytes: scan.lokiBytes };
}
