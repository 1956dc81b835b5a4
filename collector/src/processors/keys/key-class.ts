import { isContentEvent, isContentKey } from '../content/content-keys.ts';
import { MODE_KEY } from '../content/content-mode.ts';
import { isCredentialKey } from './credential-keys.ts';
import { isIpKey, isUserIdKey } from './identity-keys.ts';
import { judgedPart, keyWords } from './key-words.ts';
import { isPersonalKey } from './personal-keys.ts';

/** Classes of attribute keys. From `credential` on, a processor may have to do something about the value. */
export const KEY = {
  plain: 0,
  /** Never changed. */
  exempt: 1,
  /** Lets its holder in somewhere. */
  credential: 2,
  /** Says who somebody is, by itself. */
  personal: 3,
  /** The same for all that one user does. */
  userId: 4,
  /** The address of who is at the other end. */
  ip: 5,
  /** Messages of a model, arguments and results of tools, bodies. */
  content: 6,
  /** Our word on how content was treated, see `content/`. */
  contentMode: 7,
  /** `event.name`, where the name of a log record's event was before it got a field. */
  eventName: 8,
  /** Content that the operator counts among the credentials. */
  secretContent: 9,
} as const;

/**
 * What an attribute key says about its value, of KEY; for each distinct key once is enough. A key of more than 1,024
 * characters is judged by its first 512 and last 512, as content too, so that one of megabytes costs no more.
 */
export function classOfKey(key: string): number {
  return classOf(key, () => false);
}

/** As `classOfKey`, where keys that `isMoreContent` knows are content whatever else they look like. */
export function createClassOfKey(isMoreContent: (key: string) => boolean): (key: string) => number {
  return (key) => classOf(key, isMoreContent);
}

/** The class of the name of a span event, or of a log record's event. */
export function classOfEvent(name: string): number {
  return isContentEvent(name) ? KEY.content : KEY.plain;
}

function classOf(whole: string, isMoreContent: (key: string) => boolean): number {
  const key = judgedPart(whole);
  if (key === MODE_KEY) return KEY.contentMode;
  if (key === 'event.name') return KEY.eventName;
  if (isMoreContent(key)) return KEY.content;
  const words = keyWords(key);
  if (isCredentialKey(words)) return KEY.credential;
  if (isContentKey(key)) return KEY.content;
  if (isPersonalKey(words)) return KEY.personal;
  if (isUserIdKey(words)) return KEY.userId;
  return isIpKey(words) ? KEY.ip : KEY.plain;
}
