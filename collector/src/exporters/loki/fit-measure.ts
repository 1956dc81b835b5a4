import { createCursor, readUint32, skipField } from '#otlp/wire.ts';
import { addAttribute, addEntry, type Cost } from './fit-cost.ts';
import { contentEnd, type Span } from './fit-fields.ts';
import { areLabelsEmpty, indexLabelOf, isBadLabel, noteLabel, openLabels } from './fit-labels.ts';
import type { LokiLimits } from './fit-limits.ts';
import { intBytes } from './fit-value.ts';

/** The tags of the fields that Loki makes something of. */
export const TAG = {
  resourceLogs: 0x0a,
  resource: 0x0a,
  scopeLogs: 0x12,
  scope: 0x0a,
  logRecord: 0x12,
  resourceAttribute: 0x0a,
  scopeName: 0x0a,
  scopeVersion: 0x12,
  scopeAttribute: 0x1a,
  scopeDropped: 0x20,
  time: 0x09,
  severityNumber: 0x10,
  severityText: 0x1a,
  body: 0x2a,
  attribute: 0x32,
  dropped: 0x38,
  flags: 0x45,
  traceId: 0x4a,
  spanId: 0x52,
  observedTime: 0x59,
} as const;

const cursor = createCursor();

/** Lengths of the names `scope_name`, `scope_version` and `scope_dropped_attributes_count`. */
const NAME = { name: 10, version: 13, dropped: 30 } as const;

const inner: Span = { start: 0, end: 0 };

/** Adds the Resource at `span`: metadata of every line under it, but for what becomes labels. */
export function measureResource(cost: Cost, span: Readonly<Span>, limits: LokiLimits): void {
  const bytes = cost.source;
  openLabels();
  cursor.at = span.start;
  const { end } = span;
  while (cursor.at < end) {
    const tag = readUint32(bytes, cursor);
    if (tag !== TAG.resourceAttribute) {
      skipField(bytes, cursor, tag);
      continue;
    }
    inner.end = contentEnd(bytes, cursor, end);
    inner.start = cursor.at;
    cursor.at = inner.end;
    const label = indexLabelOf(bytes, inner, limits);
    if (label < 0) addAttribute(cost, inner.start, inner.end);
    else {
      noteLabel(bytes, inner, label);
      if (isBadLabel(bytes, inner, limits)) cost.isBad = true;
    }
  }
  if (areLabelsEmpty()) cost.isBad = true;
}

/** Adds the InstrumentationScope at `span`: metadata of every line under it. */
export function measureScope(cost: Cost, span: Readonly<Span>): void {
  const bytes = cost.source;
  cursor.at = span.start;
  const { end } = span;
  let nameBytes = 0;
  let versionBytes = 0;
  let dropped = 0;
  while (cursor.at < end) {
    const tag = readUint32(bytes, cursor);
    if (tag === TAG.scopeDropped) dropped = readUint32(bytes, cursor);
    else if (tag !== TAG.scopeName && tag !== TAG.scopeVersion && tag !== TAG.scopeAttribute)
      skipField(bytes, cursor, tag);
    else {
      const to = contentEnd(bytes, cursor, end);
      if (tag === TAG.scopeName) nameBytes = to - cursor.at;
      else if (tag === TAG.scopeVersion) versionBytes = to - cursor.at;
      else addAttribute(cost, cursor.at, to);
      cursor.at = to;
    }
  }
  if (nameBytes > 0) addEntry(cost, NAME.name, nameBytes);
  if (versionBytes > 0) addEntry(cost, NAME.version, versionBytes);
  if (dropped > 0) addEntry(cost, NAME.dropped, intBytes(dropped, 0));
}
