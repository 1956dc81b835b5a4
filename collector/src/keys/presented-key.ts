import type { Credentials } from '#core/gate.ts';
import { keyIdIn } from './key-text.ts';

/** What a sender shows: nothing, a text with the form of a key, or something else. */
export type Presented =
  | { kind: 'none' }
  | { kind: 'key'; id: string; text: string }
  | { kind: 'no_key'; message: string };

const BEARER = /^bearer +/i;
const MAKE = 'Make one with: npm run keys -- create NAME';
export const MISSING = `An API key is needed: send it as header "x-api-key" or as "Authorization: Bearer". ${MAKE}`;
/** Said of a wrong key as well as of an unknown one. */
export const UNKNOWN = `This API key is not known here: it is mistyped, or of another Signalbox. ${MAKE}`;

/**
 * Reads `Authorization: Bearer` (RFC 6750, section 2.1) and `x-api-key`; a header that is there and empty is a wrong
 * key. Messages hold nothing of what was sent.
 */
export function presentedKey(credentials: Credentials): Presented {
  const { apiKey = '', authorization = '' } = credentials;
  if (credentials.authorization === undefined && credentials.apiKey === undefined) return { kind: 'none' };
  if (authorization !== '' && !BEARER.test(authorization)) return noKey(whyNotBearer(authorization));
  const bearer = authorization.replace(BEARER, '').trim();
  const plain = apiKey.trim();
  if (bearer !== '' && plain !== '' && bearer !== plain) {
    return noKey('"Authorization" and "x-api-key" hold different keys: send one of them.');
  }
  const text = bearer === '' ? plain : bearer;
  const id = keyIdIn(text);
  return id === null ? noKey(whyNoKey(text)) : { kind: 'key', id, text };
}

function noKey(message: string): Presented {
  return { kind: 'no_key', message };
}

function whyNotBearer(authorization: string): string {
  return /^bearer%20/i.test(authorization)
    ? '"Authorization" came percent-encoded: this SDK does not decode OTEL_EXPORTER_OTLP_HEADERS. Set x-api-key=KEY there.'
    : '"Authorization" is not "Bearer KEY". Leave it out, or send the API key so, or as header "x-api-key".';
}

function whyNoKey(text: string): string {
  if (text === '') return `The API key is empty: is the variable set that it comes from? ${MAKE}`;
  return text.startsWith('sbk_')
    ? 'This API key is too short, too long, or has other characters than keys have: copy the whole of it.'
    : `This is no API key of Signalbox: those begin with sbk_. ${MAKE}`;
}
