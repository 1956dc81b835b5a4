import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { SessionFile, SessionRecord, Subject } from './session-file.ts';

const FORM = /^[\w-]{43}$/;
const MAX_SESSIONS = 10_000;
const MAX_OF_ONE = 100;
/** How exactly it is kept when a session was last used; each time would be a write for every request. */
const SEEN_STEP_MS = 60_000;
const SAVE_DELAY_MS = 1000;

export interface SessionLimits {
  idleMs: number;
  maxMs: number;
}

export interface Session {
  subject: Subject;
  /** Of the id, as it is kept. */
  hash: string;
  /** When it ends if nothing more is asked with it. */
  expiresUnixMs: number;
}

/** Logins of browsers. The id is known to the browser alone; here only its hash is. */
export interface Sessions {
  /** A session with a new id, which is told only here. */
  create(subject: Subject): { id: string; session: Session };
  /** The session of an id, if it has not ended; using it puts its end off. */
  find(id: string): Session | null;
  /** Ends one; resolves when that is on disk. */
  end(hash: string): Promise<void>;
  /** Ends all of those whose subject `isMeant`; resolves with their number when that is on disk. */
  endAll(isMeant: (subject: Subject) => boolean): Promise<number>;
  count(): number;
  /** Writes what is not yet written. */
  close(): Promise<void>;
}

export interface SessionsDeps {
  file: SessionFile;
  nowMs(): number;
  onFailedWrite(error: unknown): void;
}

/** Reads the sessions that are kept and goes on with them. */
export async function openSessions(limits: SessionLimits, deps: SessionsDeps): Promise<Sessions> {
  const { nowMs } = deps;
  const kept = (await deps.file.read()).sort((a, b) => a.seenUnixMs - b.seenUnixMs);
  /** The one that was used longest ago comes first. */
  const byHash = new Map(kept.map((session) => [session.hash, session]));
  const saving = createSaving(() => deps.file.write([...byHash.values()]), deps.onFailedWrite);

  const endOf = ({ createdUnixMs, seenUnixMs }: SessionRecord) =>
    Math.min(seenUnixMs + limits.idleMs, createdUnixMs + limits.maxMs);
  const describe = (record: SessionRecord): Session => {
    const { hash, subject } = record;
    return { hash, subject, expiresUnixMs: endOf(record) };
  };

  function makeRoom(subject: Subject): void {
    for (const record of byHash.values()) if (endOf(record) <= nowMs()) byHash.delete(record.hash);
    const same = [...byHash.values()].filter((record) => isSame(record.subject, subject));
    if (same.length >= MAX_OF_ONE) byHash.delete(same[0]!.hash);
    if (byHash.size >= MAX_SESSIONS) byHash.delete(byHash.keys().next().value!);
  }

  return {
    create(subject) {
      makeRoom(subject);
      const id = randomBytes(32).toString('base64url');
      const record = { hash: sha256(id), subject, createdUnixMs: nowMs(), seenUnixMs: nowMs() };
      byHash.set(record.hash, record);
      saving.soon();
      return { id, session: describe(record) };
    },
    find(id) {
      if (!FORM.test(id)) return null;
      const record = byHash.get(sha256(id));
      if (record === undefined || endOf(record) <= nowMs()) return null;
      if (nowMs() - record.seenUnixMs >= SEEN_STEP_MS) {
        record.seenUnixMs = nowMs();
        byHash.delete(record.hash);
        byHash.set(record.hash, record);
        saving.soon();
      }
      return describe(record);
    },
    async end(hash) {
      if (byHash.delete(hash)) await saving.now();
    },
    async endAll(isMeant) {
      const ended = [...byHash.values()].filter(({ subject }) => isMeant(subject));
      for (const { hash } of ended) byHash.delete(hash);
      if (ended.length > 0) await saving.now();
      return ended.length;
    },
    count: () => byHash.size,
    close: () => saving.close(),
  };
}

/** What a page must send along with the cookie to change something; it follows from the id and is not kept. */
export function csrfOf(sessionId: string): string {
  return createHmac('sha256', sessionId).update('signalbox csrf').digest('base64url');
}

function isSame(a: Subject, b: Subject): boolean {
  return a.kind === b.kind && a.name === b.name;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** One write at a time; what changes meanwhile is in the next. A write that fails is told and tried with the next change. */
function createSaving(write: () => Promise<void>, onFailed: (error: unknown) => void) {
  let timer: NodeJS.Timeout | null = null;
  let last: Promise<void> = Promise.resolve();
  const now = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    last = last.then(write).catch(onFailed);
    return last;
  };
  return {
    now,
    soon() {
      timer ??= setTimeout(() => void now(), SAVE_DELAY_MS).unref();
    },
    close: () => (timer === null ? last : now()),
  };
}
