import type { Difference } from './diff.ts';
import type { FoundRange } from './find-ranges.ts';
import type { Input } from './read-input.ts';
import type { Summary } from './trial.ts';

/** A line of a text file that would be changed. */
export interface LineChange {
  file: string;
  line: number;
  before: string;
  /** null when nothing is left of it. */
  after: string | null;
  found: FoundRange[];
}

export interface Remark {
  file: string;
  /** 0 when the file is one request. */
  line: number;
  text: string;
}

/** Where what was found out goes. */
export interface Teller {
  line(change: LineChange): void;
  difference(difference: Difference & { file: string; line: number }): void;
  warning(remark: Remark): void;
  /** Something could not be read; the rest goes on. */
  failure(remark: Remark): void;
  file(name: string, what: string): void;
  progress(input: Input, bytesDone: number): void;
  summary(summary: Summary): void;
  /** Whether there was a failure. */
  readonly failed: boolean;
}

export interface TellOptions {
  showValues: boolean;
  write(text: string): void;
  writeError(text: string): void;
}

const LARGE_BYTES = 8 * 1024 * 1024;
const PROGRESS_MS = 2000;
const BYTES_PER_MB = 1_000_000;

const place = ({ file, line }: { file: string; line: number }) => (line === 0 ? file : `${file}:${line}`);

/** What both ways of telling share: failures and progress go to standard error. */
export function createErrorTeller(writeError: TellOptions['writeError']) {
  let failed = false;
  let toldMs = performance.now();
  return {
    isFailed: () => failed,
    failure(remark: Remark) {
      failed = true;
      writeError(`${place(remark)}: ${remark.text}\n`);
    },
    progress({ bytes, name }: Input, bytesDone: number) {
      if ((bytes > 0 && bytes < LARGE_BYTES) || bytesDone < LARGE_BYTES) return;
      const nowMs = performance.now();
      if (nowMs - toldMs < PROGRESS_MS) return;
      toldMs = nowMs;
      const of = bytes === 0 ? '' : ` of ${Math.round(bytes / BYTES_PER_MB)}`;
      writeError(`${name}: ${Math.round(bytesDone / BYTES_PER_MB)}${of} MB\n`);
    },
  };
}

/** Tells a program: one JSON object a line, the summary last. */
export function createJsonTeller({ showValues, write, writeError }: TellOptions): Teller {
  const errors = createErrorTeller(writeError);
  const say = (value: object) => write(`${JSON.stringify(value)}\n`);
  const lineOf = (line: number) => (line === 0 ? {} : { line });
  return {
    failure: errors.failure,
    progress: errors.progress,
    get failed() {
      return errors.isFailed();
    },
    line: ({ after, before, file, found, line }) =>
      say({ file, line, after, found, ...(showValues ? { before } : {}) }),
    difference: ({ after, before, file, kind, line, path }) =>
      say({
        file,
        ...lineOf(line),
        path,
        change: kind,
        ...(kind === 'removed' ? {} : { after }),
        ...(showValues && kind !== 'inserted' ? { before } : {}),
      }),
    warning: ({ file, line, text }) => say({ file, ...lineOf(line), warning: text }),
    file: () => {},
    summary: ({ bytes, changes, milliseconds }) =>
      say({ summary: changes, bytes, milliseconds: Math.round(milliseconds * 1000) / 1000 }),
  };
}
