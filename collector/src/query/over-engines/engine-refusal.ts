import { EngineError } from '../engine-error.ts';

interface Engine {
  name: string;
  url: string;
}

const MAX_WORDS = 400;
/** Statuses that say something of the question, not of the engine. */
const QUESTION = new Set([400, 413, 414, 422]);
const TOO_SLOW = new Set([408, 499, 504]);

/** UTF-8 as text. */
export function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
}

/** What an answer other than 200 means; `body` is its text. */
export function refusalOf(engine: Engine, status: number, body: string): EngineError {
  const { type, words } = wordsOf(body);
  if (QUESTION.has(status))
    return new EngineError('refused', `${engine.name} does not take this query: ${words}`);
  if (TOO_SLOW.has(status) || type === 'timeout' || type === 'canceled')
    return new EngineError('timeout', `${engine.name} gave up on this query: ${words}. Try a shorter range.`);
  if (status === 429 || status === 503)
    return new EngineError('unavailable', `${engine.name} cannot answer now (${status}): ${words}`);
  return new EngineError('failed', `${engine.name} at ${engine.url} answered ${status}: ${words}`);
}

/** No answer came at all. */
export function unreachable({ name, url }: Engine, error: unknown): EngineError {
  const advice = `Is it up? \`docker compose ps ${name.toLowerCase()}\``;
  return new EngineError('unavailable', `${name} at ${url} does not answer (${reasonOf(error)}). ${advice}`);
}

/** `fetch` wraps what happened, and tries several addresses. */
function reasonOf(error: unknown): string {
  const { cause, code, errors, message } = error as NodeJS.ErrnoException & { errors?: unknown[] };
  if (code !== undefined) return code;
  if (cause !== undefined) return reasonOf(cause);
  if (errors?.[0] !== undefined) return reasonOf(errors[0]);
  return message;
}

/** The engines answer with `{"error": ...}`, `{"message": ...}` or plain text. */
function wordsOf(body: string): { words: string; type: string } {
  let words = body;
  let type = '';
  try {
    const parsed = JSON.parse(body) as { error?: unknown; errorType?: unknown; message?: unknown };
    words = String(parsed.error ?? parsed.message ?? body);
    type = String(parsed.errorType ?? '');
  } catch {
    // Plain text is what it says.
  }
  const line = words.trim().replaceAll(/\s+/g, ' ');
  return { words: line === '' ? 'no reason given' : line.slice(0, MAX_WORDS), type };
}
