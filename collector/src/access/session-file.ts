import { mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Role } from './principal.ts';

/** Whose session it is, and what must still hold for it to go on. */
export interface Subject {
  kind: 'user' | 'operator_token' | 'oidc';
  name: string;
  /** As it was at login. */
  role: Role;
  /** Of the user's record, or of the operators' token. */
  epoch: string;
}

/** A session as kept: its id cannot be had from it. */
export interface SessionRecord {
  /** SHA-256 of the id, in hex. */
  hash: string;
  subject: Subject;
  createdUnixMs: number;
  seenUnixMs: number;
}

const VERSION = 1;
const MAX_BYTES = 16 * 1024 * 1024;

/** `<dataDir>/secrets/sessions.json`, so that a restart logs nobody out. */
export interface SessionFile {
  /** What is there. A file that is none of ours is as good as none: people log in again. */
  read(): Promise<SessionRecord[]>;
  /** Resolves when it is on disk in place of what was before. */
  write(sessions: readonly SessionRecord[]): Promise<void>;
}

export function createSessionFile(dataDir: string): SessionFile {
  const path = join(dataDir, 'secrets', 'sessions.json');
  return {
    async read() {
      try {
        if ((await stat(path)).size > MAX_BYTES) return [];
        const kept = JSON.parse(await readFile(path, 'utf8')) as { version?: unknown; sessions?: unknown };
        if (kept.version !== VERSION || !Array.isArray(kept.sessions)) return [];
        return kept.sessions.filter(isSession);
      } catch {
        return [];
      }
    },
    async write(sessions) {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const temporary = `${path}.new`;
      const file = await open(temporary, 'w', 0o600);
      try {
        await file.writeFile(`${JSON.stringify({ version: VERSION, sessions })}\n`);
        await file.datasync();
      } finally {
        await file.close();
      }
      await rename(temporary, path);
    },
  };
}

function isSession(session: SessionRecord): boolean {
  const { createdUnixMs, hash, seenUnixMs, subject } = session ?? {};
  return (
    typeof hash === 'string' &&
    Number.isFinite(createdUnixMs) &&
    Number.isFinite(seenUnixMs) &&
    ['user', 'operator_token', 'oidc'].includes(subject?.kind) &&
    [subject.name, subject.role, subject.epoch].every((text) => typeof text === 'string')
  );
}
