import { setTimeout as sleep } from 'node:timers/promises';

/** Something that must be so, and what to look at when it is not. */
export interface Question {
  /** `trace in Tempo` */
  name: string;
  hint: string;
  /** What was found, in a few words; null or an error: not yet. */
  ask(): Promise<string | null>;
}

export interface Answer {
  name: string;
  ok: boolean;
  seconds: number;
  /** What was found, or why not and what to look at. */
  detail: string;
}

const STEP_MS = 300;

/** Asks until there is an answer, `timeoutMs` at most. Never rejects. */
export async function askUntil({ ask, hint, name }: Question, timeoutMs: number): Promise<Answer> {
  const startedMs = performance.now();
  for (let reason = 'not there'; ; await sleep(STEP_MS)) {
    const found = await ask().catch((error: unknown) => {
      reason = messageOf(error);
      return null;
    });
    const seconds = (performance.now() - startedMs) / 1000;
    if (found !== null) return { name, ok: true, seconds, detail: found };
    if (seconds * 1000 >= timeoutMs) return { name, ok: false, seconds, detail: `${reason}. ${hint}` };
  }
}

/** The answer to a GET as JSON. Throws with status and the start of the body when it is no 2xx. */
export async function getJson(url: string, token = ''): Promise<unknown> {
  const response = await fetch(url, {
    headers: token === '' ? {} : { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(10_000),
  });
  const body = await response.text();
  if (!response.ok) throw new Error(`answered ${response.status} ${body.slice(0, 200).trim()}`);
  return body === '' ? null : JSON.parse(body);
}

function messageOf(error: unknown): string {
  const { cause, message } = error as Error & { cause?: { code?: string } };
  return cause?.code === undefined ? message : `${message} (${cause.code})`;
}
