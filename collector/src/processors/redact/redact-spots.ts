import { int64Text } from '#otlp/json-out.ts';
import type { Edit } from '#otlp/rewrite.ts';
import { createCursor, readVarint64 } from '#otlp/wire.ts';
import { KEY } from '../keys/key-class.ts';
import { ipReplacement } from './ip-address.ts';
import { KEY_RULES, markerOf } from './marker.ts';
import type { Policy } from './policies.ts';
import { type AttributeValue, attributeValue, replaceValue, stringValue } from './replace-value.ts';

const BOOL_VALUE = 0x10;
const STRING_VALUE = 0x0a;

export interface SpotRedactor {
  /** What becomes of an attribute because of its key, from its KeyValue at `[start, end)`; null when it stays. */
  keyed(
    policy: Policy,
    keyClass: number,
    attribute: { bytes: Uint8Array; start: number; end: number },
  ): Edit | null;
  /** What becomes of an integer value, which may be the number of a card; its field begins at `tagAt`. */
  integer(
    policy: Policy,
    field: { bytes: Uint8Array; tagAt: number; start: number; end: number },
  ): Edit | null;
}

export interface SpotRedactorDeps {
  hash: (value: string) => string;
  userIds: 'hash' | 'keep';
  ipAddresses: 'keep' | 'truncate' | 'hash';
  onHit: (rule: string) => void;
  /** What stands in the place of values that were redacted before. */
  markers: ReadonlySet<string>;
}

/** Redacts what is known by the key of an attribute, or is a number. */
export function createSpotRedactor(deps: SpotRedactorDeps): SpotRedactor {
  const cursor = createCursor();

  /** What stands in the place of a value of this class; null when it stays. */
  function replacement(
    policy: Policy,
    keyClass: number,
    text: string | null,
  ): [rule: string, text: string] | null {
    const { credential, personal, userId } = KEY_RULES;
    const isCredential = keyClass === KEY.credential || keyClass === KEY.secretContent;
    if (isCredential && policy.isOn(credential)) return [credential, markerOf(credential)];
    if (keyClass === KEY.personal && policy.isOn(personal)) return [personal, markerOf(personal)];
    if (keyClass === KEY.userId && deps.userIds === 'hash' && policy.isOn(userId)) {
      return [userId, text === null ? markerOf(userId) : deps.hash(text)];
    }
    if (keyClass === KEY.ip && deps.ipAddresses !== 'keep' && policy.isOn('ip')) {
      return ['ip', text === null ? markerOf('ip') : ipReplacement(deps.ipAddresses, deps.hash, text)];
    }
    return null;
  }

  /** Nothing, yes or no, or what was redacted before; only where nothing else stands beside it. */
  function isHarmless({ onlyTag, text }: AttributeValue): boolean {
    if (onlyTag === BOOL_VALUE) return true;
    return onlyTag === STRING_VALUE && text !== null && (text === '' || deps.markers.has(text));
  }

  return {
    keyed(policy, keyClass, { bytes, end, start }) {
      const value = attributeValue(bytes, start, end);
      if (value === null || isHarmless(value)) return null;
      const replaced = replacement(policy, keyClass, value.text);
      if (replaced === null || replaced[1] === value.text) return null;
      deps.onHit(replaced[0]);
      return replaceValue(value, replaced[1]);
    },

    integer(policy, { bytes, end, start, tagAt }) {
      cursor.at = start;
      readVarint64(bytes, cursor);
      const digits = Buffer.from(int64Text(cursor.lo, cursor.hi));
      const redacted = policy.texts.redact(digits, 0, digits.length);
      return redacted === null
        ? null
        : { start: tagAt, end, bytes: stringValue(Buffer.from(redacted).toString()) };
    },
  };
}
