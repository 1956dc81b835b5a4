import { type PartialSuccess, readExportResponse, readStatusMessage } from '#otlp/read-response.ts';
import type { SendOutcome } from '../frame/destination.ts';
import type { PostResult } from './post.ts';
import { retryAfterMs } from './retry-after.ts';

type Answer = Extract<PostResult, { kind: 'answer' }>;

/** May pass later (OTLP specification, "OTLP/HTTP Throttling" and "Retryable Response Codes"). */
const LATER = new Set([429, 502, 503, 504]);
/** How such an answer is mended. It is about the destination, whatever the payload. */
const SET_UP_WRONG: Record<number, (section: string) => string> = {
  401: (section) => `check the credentials of ${section}`,
  403: (section) => `check what the credentials of ${section} may do`,
  404: (section) => `check ${section}.endpoint: nothing takes OTLP there`,
  405: (section) => `check ${section}.endpoint: nothing takes OTLP there`,
  407: () => 'a proxy wants credentials',
  415: (section) => `check ${section}.endpoint and its compression: this form of OTLP is not taken there`,
};
const SLOW_MS = 30_000;
const REQUEST_TIMEOUT = 408;
const MAX_REASON_CHARS = 300;

/** Whether OTLP forbids to send again what was answered so (1.11, "Retryable Response Codes"). */
export function isFinal({ status }: Answer): boolean {
  return status >= 400 && !LATER.has(status);
}

/** What an answer to an export request means for its batch; advice names the configuration's `section`. */
export function judge(answer: Answer, { section, nowMs }: { section: string; nowMs: number }): SendOutcome {
  const { status, headers } = answer;
  if (status >= 200 && status < 300) return judgeSuccess(answer, section);
  const reason = describe(answer);
  if (LATER.has(status))
    return { kind: 'retry', reason, afterMs: retryAfterMs(headers['retry-after'], nowMs) };
  if (status < 400) return setUpWrong(`${reason}: redirects are not followed, check ${section}.endpoint`);
  const advice = SET_UP_WRONG[status];
  if (advice !== undefined) return setUpWrong(`${reason}: ${advice(section)}`);
  return { kind: status >= 500 || status === REQUEST_TIMEOUT ? 'suspect' : 'refused', reason };
}

function setUpWrong(reason: string): SendOutcome {
  return { kind: 'retry', reason, afterMs: SLOW_MS };
}

function judgeSuccess(answer: Answer, section: string): SendOutcome {
  const type = mediaType(answer);
  if (type === 'text/html')
    return setUpWrong(`answered ${answer.status} with a web page: check ${section}.endpoint`);
  const read = type === 'application/json' ? readJson(answer.body) : readExportResponse(answer.body);
  if (read === null || answer.isCut)
    return { kind: 'delivered', refusedItems: 0, message: 'taken, with an answer that could not be read' };
  return { kind: 'delivered', refusedItems: read.rejected, message: printable(read.message) };
}

/** Some servers answer in JSON whatever they were asked in. */
function readJson(body: Buffer): PartialSuccess | null {
  try {
    const { partialSuccess: told } = JSON.parse(body.toString()) as {
      partialSuccess?: Record<string, unknown>;
    };
    const rejected = Number(told?.rejectedSpans ?? told?.rejectedDataPoints ?? told?.rejectedLogRecords ?? 0);
    const message = typeof told?.errorMessage === 'string' ? told.errorMessage : '';
    return { rejected: Number.isSafeInteger(rejected) ? Math.max(0, rejected) : 0, message };
  } catch {
    return null;
  }
}

function mediaType({ headers }: Answer): string {
  return (headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
}

function describe(answer: Answer): string {
  const type = mediaType(answer);
  const said =
    type === 'application/x-protobuf'
      ? readStatusMessage(answer.body)
      : type === 'text/html'
        ? ''
        : answer.body.toString('utf8', 0, MAX_REASON_CHARS);
  return `answered ${answer.status}${said === '' ? '' : ` (${printable(said)})`}`;
}

/** One line of bounded length. */
function printable(text: string): string {
  return text
    .slice(0, MAX_REASON_CHARS)
    .replace(/\p{C}+/gu, ' ')
    .trim();
}
