import { stringifyExact } from '../fetch/exact-json.ts';

/** One attribute, its key flattened no further than it was sent. */
export interface AttributeRow {
  key: string;
  /** What a reader sees and copies: strings bare, everything else as JSON with every digit. */
  text: string;
  /** Whether the API can filter by it: only single values, no lists, maps or bytes. */
  filterable: boolean;
  kind: 'string' | 'number' | 'boolean' | 'empty' | 'structure';
}

/** Attributes in alphabetical order as text, exact. */
export function attributeRows(attributes: Readonly<Record<string, unknown>>): AttributeRow[] {
  return Object.keys(attributes)
    .sort()
    .map((key) => {
      const value = attributes[key];
      const kind = kindOf(value);
      return { key, text: valueText(value), kind, filterable: kind !== 'structure' && kind !== 'empty' };
    });
}

function kindOf(value: unknown): AttributeRow['kind'] {
  if (value === null || value === undefined) return 'empty';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'number' || typeof value === 'bigint') return 'number';
  return typeof value === 'boolean' ? 'boolean' : 'structure';
}

/** Any value of the API as text: a string as it is, `null` as nothing, bytes and non-finite numbers named. */
export function valueText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  if (typeof value === 'object' && !Array.isArray(value)) {
    const marked = value as { $bytes?: unknown; $double?: unknown };
    if (typeof marked.$double === 'string') return marked.$double;
    if (typeof marked.$bytes === 'string') return `base64:${marked.$bytes}`;
  }
  return stringifyExact(value, typeof value === 'object' ? 2 : 0);
}

/** Attributes that say little in passing, or are shown in another way. Loki writes `_` for points. */
const LONG_ATTRIBUTES = /^(exception[._]stacktrace|(code|thread|log)[._])/;
const PREVIEWED = 10;

/** The single values among attributes on one line, as `key=value key=value`, for a glance. */
export function attributePreview(attributes: Readonly<Record<string, unknown>>): string {
  return attributeRows(attributes)
    .filter(({ key, filterable }) => filterable && !LONG_ATTRIBUTES.test(key))
    .slice(0, PREVIEWED)
    .map(({ key, text }) => `${key}=${text.length > 80 ? `${text.slice(0, 80)}…` : text}`)
    .join('  ');
}

/** A log body on one line; line breaks become spaces so that rows keep their height. */
export function oneLine(value: unknown): string {
  const text = typeof value === 'object' && value !== null ? stringifyExact(value, 0) : valueText(value);
  return text.length > 2000 ? `${text.slice(0, 2000).replace(/\s+/g, ' ')}…` : text.replace(/\s+/g, ' ');
}
