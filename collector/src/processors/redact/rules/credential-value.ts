import type { KeyKind } from './credential-key.ts';

/** How a value stands after its key. */
export interface ValueContext {
  kind: KeyKind;
  isQuoted: boolean;
  /** A space on a side of the sign: code or prose rather than data. */
  isLoose: boolean;
  /** Nothing but an end of line or of a list follows. */
  isLast: boolean;
}

const MASK =
  /^(?:\[?<?\(?(?:redacted|filtered|hidden|masked|removed|sensitive|omitted|scrubbed|protected)\b|(.)\1{2,}$|\*{2,}|\.{3}|\u00e2\u20ac|\u00e2\u0080|<|\{\{|\\?\$\{|\$\(|#\{|\$[A-Z_]+$|\$\d{1,2}$|%[a-z]$|%\(|\?+$|:[a-z_]+$|@[A-Za-z_]+$|-+$)/i;
const WORDS_THAT_SAY_NOTHING = new Set(
  (
    'null none nil undefined nan true false yes no on off required missing invalid incorrect wrong empty expired ' +
    'failed failure error ok valid unset default string str number int integer boolean bool object any text bytes ' +
    'varchar char unknown optional changed updated reset rotated revoked accepted rejected denied mismatch verified ' +
    'validated present absent provided needed set not is was are must should cannot can may will has have for in on ' +
    'to from with too the a an and or at of by please enter use your this that stored found created generated ' +
    'refreshed issued bearer basic digest jwt oauth oauth2 access refresh id type secret password token key field ' +
    'value input header cookie n/a na unauthorized forbidden disabled enabled expires authentication ' +
    'authorization auth credentials login plain md5 scram-sha-256 sha256 bcrypt argon2 env file vault secrets ' +
    'changeit) hashed encrypted unchanged pending requested sent received await new function async self this req ' +
    'request process os config settings options params user'
  ).split(' '),
);
const PROSE =
  /\b(?:is|are|was|must|should|cannot|can't|could|does|did|be|too|not|the|your|required|invalid|please|least|than|and|for)\b/i;
/** `user.password`, `getToken()`, `os.environ["X"]`, `process.env.X`. */
const CODE =
  /^[A-Za-z_$][\w$]*(?:\??\.[A-Za-z_$][\w$]*)+$|^[A-Za-z_$][\w$.]*[([]|^(?:process\.env|os\.environ|import\.meta|env)\b/;
/** A variable that is named after what it holds. */
const VARIABLE = /^[A-Za-z_$]*(?:password|passwd|secret|token|key|auth|credential)s?[A-Za-z_$]*$/i;
/** A piece of `s.4kV...` that no programmer would write. */
function isRandomPart(part: string): boolean {
  return part.length >= 20 && /\d\D*\d/.test(part) && /[A-Z]/.test(part) && /[a-z]/.test(part);
}

function isCode(value: string): boolean {
  return CODE.test(value) && !value.split('.').some(isRandomPart);
}

const PATH = /^(?:file:|\.{0,2}\/|~\/|[A-Za-z]:\\)[\w.\\/-]*$/;
const MIN_SECRET_CHARACTERS = 3;
const MIN_TOKEN_CHARACTERS = 8;

function saysNothing(value: string): boolean {
  const bare = value.toLowerCase().replace(/[.!?:]+$/, '');
  return bare === '' || WORDS_THAT_SAY_NOTHING.has(bare);
}

function isTokenLike(value: string): boolean {
  if (value.length < MIN_TOKEN_CHARACTERS || /\s/.test(value)) return false;
  if (/^https?:|^[^@]+@[\w-]+\.\w+$/.test(value)) return false;
  if (/^[\d.,:%+-]+(?:[smhd]|ms|kb|mb)?$/i.test(value)) return false;
  const hasDigit = /\d/.test(value);
  if (hasDigit && /[A-Za-z]/.test(value)) return true;
  return value.length >= 20 ? !/^[a-z]+(?:[_.-][a-z]+)*$/i.test(value) : /[a-z][A-Z]+[a-z]+[A-Z]/.test(value);
}

/** Whether `value`, of which no more than the first 256 characters are given, is a credential. */
export function isCredentialValue(value: string, { isLast, isLoose, isQuoted, kind }: ValueContext): boolean {
  if (value.length < MIN_SECRET_CHARACTERS) return false;
  if (MASK.test(value) || saysNothing(value) || value.startsWith('-----BEGIN')) return false;
  if (value.includes('[redacted:') || value.includes('REDACTED')) return false;
  if (kind === 'token' && (PATH.test(value) || !isTokenLike(value))) return false;
  if (isQuoted) {
    // What a quote before such a mark opens is not the value: `log('password:', password)`.
    if (/^[,;)\]}]/.test(value)) return false;
    return !(/\s/.test(value) && PROSE.test(value)) && !/^(?:\/[\w.-]+){2,}$/.test(value);
  }
  if (/^[([{|\\/=]/.test(value)) return false;
  if (isLoose && (isCode(value) || VARIABLE.test(value) || /^[\w.-]+=/.test(value))) return false;
  if (/^(?:process\.env|os\.environ|import\.meta\.env)\b|^[\w.]+\(/.test(value)) return false;
  return !isLoose || isLast || /[^A-Za-z.?!:]/.test(value);
}
