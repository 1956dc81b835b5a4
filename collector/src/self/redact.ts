const MASK = '[redacted]';
const MAX_DEPTH = 6;
const MAX_ITEMS = 100;
const MAX_STRING_CHARS = 16_384;

/** Names whose value is a secret; a name that ends with one (`apiToken`, `set-cookie`) counts as well. */
const SECRET_NAME = /(?:token|authorization|cookie|password|passwd|secret|apikey|credential|credentials)$/;
const SECRET_IN_QUERY = /([?&;](?:[\w.-]*[_.-])?(?:token|secret|password|api_?key|signature)=)[^&#;\s"']+/gi;
/** Keys of senders, wherever one puts them; their id is no secret. */
const SENDER_KEY = /(sbk_[a-z\d]{8})_[\w-]+/g;
const SECRET_SCHEME = /\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi;

/**
 * A copy of `value` without secrets: values under secret names are masked, and so are secrets inside text
 * (`?token=...`, `Bearer ...`). Bounded: depth 6, 100 entries per level, 16,384 characters per text. Errors
 * become `{ type, message, stack }`, bigints decimal text.
 */
export function redact(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return redactObject(value, 0, new Set());
}

/** Masks secrets in a text that may hold a URL or a header. */
export function redactText(text: string): string {
  const cut = text.length > MAX_STRING_CHARS ? `${text.slice(0, MAX_STRING_CHARS)}...` : text;
  return cut
    .replace(SECRET_IN_QUERY, `$1${MASK}`)
    .replace(SECRET_SCHEME, `$1 ${MASK}`)
    .replace(SENDER_KEY, `$1_${MASK}`);
}

function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name.toLowerCase().replace(/[-_.\s]/g, ''));
}

function redactValue(value: unknown, depth: number, above: Set<object>): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (above.has(value)) return '[circular]';
  if (depth >= MAX_DEPTH) return '[too deep]';
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  const path = new Set(above).add(value);
  if (value instanceof Error) return redactError(value, depth, path);
  if (Array.isArray(value))
    return value.slice(0, MAX_ITEMS).map((item) => redactValue(item, depth + 1, path));
  return redactObject(value as Record<string, unknown>, depth + 1, path);
}

function redactObject(value: Readonly<Record<string, unknown>>, depth: number, above: Set<object>) {
  const result: Record<string, unknown> = {};
  for (const key of Object.keys(value).slice(0, MAX_ITEMS)) {
    const inner = value[key];
    const isSecret = inner !== undefined && inner !== null && isSecretName(key);
    result[key] = isSecret ? MASK : redactValue(inner, depth, above);
  }
  return result;
}

function redactError(error: Error, depth: number, above: Set<object>) {
  const code = (error as NodeJS.ErrnoException).code;
  return {
    type: error.name,
    message: redactText(error.message),
    ...(code === undefined ? {} : { code }),
    ...(error.stack === undefined ? {} : { stack: redactText(error.stack) }),
    ...(error.cause === undefined ? {} : { cause: redactValue(error.cause, depth + 1, above) }),
  };
}
