import { judgedPart } from '../keys/key-words.ts';
import {
  ABOUT_EVENT,
  ABOUT_MESSAGE,
  ALONE,
  DATA,
  EVENTS,
  LLM_NUMBERS,
  LLM_ROOTS,
  LLM_WORDS,
  MESSAGES,
} from './content-trees.ts';

const WORD = /\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{Lo}+|\d+/gu;
const WHOSE_BODY = new Set([
  'request',
  'response',
  'req',
  'res',
  'resp',
  'message',
  'rpc',
  'http',
  'raw',
  'post',
]);
/** What an event was, once more. */
const COPIES = new Set(['log.record.original', 'event.original', 'event.data']);
const BODIES = new Set(['body', 'payload']);
/** Words that end what is said of a body: `http.request.body.size`. */
const ABOUT_BODY =
  /^((original|compressed|uncompressed|decoded|content|mime|max)_)*(size|length|bytes|kb|truncated|encoding|hash|sha|md|limit|count|content_type|mime_type|compressed|format)(_(bytes|kb|limit|\d+))*$/;

/** Whether an attribute of this key holds what was said to a model, a tool or a server, or what it answered. */
export function isContentKey(key: string): boolean {
  const segments = key.split(/[.:[\]"']+/).filter((segment) => segment !== '' && !/^\d+$/.test(segment));
  const path = segments.join('.').toLowerCase();
  return ALONE.has(path) || isInTree(path) || isOfModel(key, path) || isBody(key);
}

/** Whether a span event or log record of this name holds content. */
export function isContentEvent(name: string): boolean {
  return EVENTS.has(name) || (name.startsWith('gen_ai.') && name.endsWith('.message'));
}

/** Whether an attribute of a content event, with a value that is text or a list, may be content; by `judgedPart`. */
export function isContentInEvent(whole: string): boolean {
  const key = judgedPart(whole);
  if (ABOUT_EVENT.has(key)) return false;
  return !key.includes('.') || COPIES.has(key) || isContentKey(key);
}

/**
 * Whether a key is one of a list, or below one that ends with `.*`; for keys that nobody else would know to be content.
 */
export function createKeyList(keys: readonly string[]): (key: string) => boolean {
  const exact = new Set(keys);
  const prefixes = keys.filter((key) => key.endsWith('.*')).map((key) => key.slice(0, -1));
  return (key) => exact.has(key) || prefixes.some((prefix) => key.startsWith(prefix));
}

/** Looks at the path and at all that it is below; no tree has a root of more than eight segments. */
function isInTree(path: string): boolean {
  let first = -1;
  for (let i = 0; i < 8 && first < path.length; i++) {
    const dot = path.indexOf('.', first + 1);
    first = dot < 0 ? path.length : dot;
  }
  for (let end = first; end > 0; end = path.lastIndexOf('.', end - 1)) {
    const root = path.slice(0, end);
    if (DATA.has(root)) return true;
    if (MESSAGES.has(root)) return end === path.length || !isAboutMessage(path.slice(end + 1));
  }
  return false;
}

function isAboutMessage(rest: string): boolean {
  return ABOUT_MESSAGE.has(rest.slice(rest.lastIndexOf('.') + 1)) && !/(^|\.)(arguments|args)\./.test(rest);
}

function isOfModel(key: string, path: string): boolean {
  const segments = path.split('.');
  if (!LLM_ROOTS.has(segments[0]!) && !/^(spring\.ai|gcp\.vertex\.agent)\./.test(path)) return false;
  if (segments.some((segment) => LLM_NUMBERS.has(segment))) return false;
  return LLM_WORDS.has(wordsOf(key).at(-1) ?? '');
}

/** `http.request.body`, `requestBody`, and fields of such bodies. */
function isBody(key: string): boolean {
  const words = wordsOf(key);
  const at = words.findIndex((word, i) => BODIES.has(word) && WHOSE_BODY.has(words[i - 1] ?? ''));
  return at >= 0 && !ABOUT_BODY.test(words.slice(at + 1).join('_'));
}

function wordsOf(key: string): string[] {
  return (key.match(WORD) ?? []).filter((word) => !/^\d+$/.test(word)).map((word) => word.toLowerCase());
}
