import type { Interest, TextScan } from '#otlp/interest.ts';
import { createKeyClasses } from '#otlp/key-classes.ts';
import type { ProcessorsConfig } from './config.ts';
import { createKeyList } from './content/content-keys.ts';
import { classOfEvent, createClassOfKey, KEY } from './keys/key-class.ts';
import { crowdThresholds } from './limit/shapes.ts';
import { timeThresholds } from './limit/times.ts';

/** The number of a card has at least 13 digits, which is a varint of 6 bytes. */
const CARD_VARINT_BYTES = 6;
const NO_INTEGERS = 11;

/** Keys that are listed, or begin as one that is listed with a star behind. */
function createStarList(keys: readonly string[]): (key: string) => boolean {
  const exact = new Set(keys.filter((key) => !key.endsWith('*')));
  const prefixes = keys.filter((key) => key.endsWith('*')).map((key) => key.slice(0, -1));
  return (key) => exact.has(key) || prefixes.some((prefix) => key.startsWith(prefix));
}

/**
 * Classes of keys as the sections `redact` and `content` want them. `allow_keys` goes before `keys`, and what is listed
 * there before what a key looks like; what holds content still goes by its mode.
 */
export function createKeyClassing({ content, redact }: ProcessorsConfig): (key: string) => number {
  const classOfKey = createClassOfKey(createKeyList(content.keys));
  const isCredential = createStarList(redact.keys);
  const isAllowed = createStarList(redact.allow_keys);
  return (key) => {
    const keyClass = classOfKey(key);
    if (keyClass > KEY.content) return keyClass;
    const isContent = keyClass === KEY.content;
    if (isAllowed(key)) return isContent ? keyClass : KEY.exempt;
    if (isCredential(key)) return isContent ? KEY.secretContent : KEY.credential;
    if (keyClass === KEY.ip && redact.ip_addresses === 'keep') return KEY.plain;
    if (keyClass === KEY.userId && redact.user_ids === 'keep') return KEY.plain;
    return keyClass;
  };
}

/** A key that there is no time to judge counts as that of a credential, for this time. */
function withinBudget(classOf: (key: string) => number, spend: () => void): (key: string) => number {
  return (key) => {
    try {
      spend();
    } catch {
      return -KEY.credential;
    }
    return classOf(key);
  };
}

/** What the check is to note for the processors; `at` sets the times that count as far off for one request. */
export function createInterest(
  config: ProcessorsConfig,
  { scan, spend }: { scan: TextScan; spend: () => void },
): { at(receivedUnixNano: bigint): Interest } {
  const thresholds = crowdThresholds(config.limit);
  const isCardOn = config.redact.enabled && !config.redact.off.includes('card');
  const interest: Interest = {
    keys: createKeyClasses(withinBudget(createKeyClassing(config), spend)),
    events: createKeyClasses(classOfEvent),
    scan,
    maxValueBytes: config.limit.max_value_bytes,
    maxDepth: config.limit.max_depth,
    maxMembers: thresholds.members,
    maxMessageBytes: thresholds.bytes,
    minTimeHigh: 0,
    maxTimeHigh: 0,
    minIntegerBytes: isCardOn ? CARD_VARINT_BYTES : NO_INTEGERS,
  };
  return {
    at(receivedUnixNano) {
      const { maxHigh, minHigh } = timeThresholds({ receivedUnixNano, config: config.limit });
      interest.minTimeHigh = minHigh;
      interest.maxTimeHigh = maxHigh;
      return interest;
    },
  };
}
