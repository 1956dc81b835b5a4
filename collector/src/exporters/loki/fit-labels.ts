import type { KeyValueRange } from '#otlp/any-value.ts';
import { addAttribute, createCost } from './fit-cost.ts';
import { readPair, type Span } from './fit-fields.ts';
import type { LokiLimits } from './fit-limits.ts';
import { memberOf, textBytes, VALUE } from './fit-value.ts';

export const SERVICE_NAME = 'service.name';

const attribute: KeyValueRange = { start: 0, end: 0, valueStart: 0, valueEnd: 0 };

function isKey(bytes: Uint8Array, key: { start: number; end: number }, wanted: string): boolean {
  if (key.end - key.start !== wanted.length) return false;
  for (let i = 0; i < wanted.length; i++) if (bytes[key.start + i] !== wanted.charCodeAt(i)) return false;
  return true;
}

/**
 * Which of `limits.indexLabels` the KeyValue at `span` of a resource is; -1 for none, which makes it metadata instead
 * of a label of the stream.
 */
export function indexLabelOf(bytes: Uint8Array, span: Span, limits: LokiLimits): number {
  readPair(bytes, attribute, span);
  for (let index = 0; index < limits.indexLabels.length; index++) {
    if (isKey(bytes, attribute, limits.indexLabels[index]!)) return index;
  }
  return -1;
}

/** What is known of the labels of the resource being measured. */
const labels = { hasName: false, isNamed: false, filled: 0 };

/** Begins with the labels of a resource. */
export function openLabels(): void {
  labels.hasName = false;
  labels.isNamed = false;
  labels.filled = 0;
}

/** Notes the index label whose KeyValue is at `span`; `index` is what `indexLabelOf` answered. */
export function noteLabel(bytes: Uint8Array, span: Span, index: number): void {
  readPair(bytes, attribute, span);
  const size = textBytes(bytes, attribute.valueStart, attribute.valueEnd);
  if (!labels.hasName && isKey(bytes, attribute, SERVICE_NAME)) {
    labels.hasName = true;
    labels.isNamed = size > 0;
  }
  const isMap = memberOf(bytes, attribute.valueStart, attribute.valueEnd).tag === VALUE.map;
  if (size > 0 && !isMap) labels.filled |= 1 << index;
  else labels.filled &= ~(1 << index);
}

/**
 * Whether the stream would have no label with a value, which Loki refuses. It sets `unknown_service` only when the
 * first `service.name` is empty or missing, and of equal labels it takes the last. A map counts as empty here.
 */
export const areLabelsEmpty = (): boolean => labels.isNamed && labels.filled === 0;

/** Whether U+FFFD is in `bytes[start, end)`: Loki's parser of labels takes it for bytes that are no UTF-8. */
function hasReplacementCharacter(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at + 2 < end; at++) {
    if (bytes[at] === 0xef && bytes[at + 1] === 0xbf && bytes[at + 2] === 0xbd) return true;
  }
  return false;
}

/**
 * Whether Loki would refuse the stream for the index label whose KeyValue is at `span`. A map becomes a label for
 * each leaf; it passes when all its names and values together are no longer than one may be and few enough.
 */
export function isBadLabel(bytes: Uint8Array, span: Span, limits: LokiLimits): boolean {
  readPair(bytes, attribute, span);
  const { valueStart, valueEnd } = attribute;
  const { tag } = memberOf(bytes, valueStart, valueEnd);
  if (tag !== VALUE.bytes && hasReplacementCharacter(bytes, valueStart, valueEnd)) return true;
  if (tag !== VALUE.map) return !(textBytes(bytes, valueStart, valueEnd) <= limits.maxLabelValueBytes);
  const cost = createCost(bytes);
  addAttribute(cost, span.start, span.end);
  const most = limits.maxLabels / limits.indexLabels.length;
  const longest = Math.min(limits.maxLabelValueBytes, limits.maxLabelNameBytes);
  return cost.isBad || cost.entries > most || cost.bytes > longest;
}
