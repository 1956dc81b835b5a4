import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import DailyRotateFile from 'winston-daily-rotate-file';
import Transport from 'winston-transport';
import type { LogConfig } from './config.ts';

const MESSAGE = Symbol.for('message');
const RETRY_AFTER_MS = 60_000;
const CLOSE_TIMEOUT_MS = 500;
const LOG_FILE = /^signalbox-\d{4}-\d{2}-\d{2}\.log(\.\d+)?$/;

export interface LogFileDeps {
  /** Folder of the log files, made when missing. */
  dir: string;
  /** Called once when the file stops being writable, and again only after it worked in between. */
  onFailure(error: Error): void;
  /** Called for every line that could not be written. */
  onLostLine(): void;
  /** Milliseconds, only compared with itself. */
  now(): number;
}

export interface LogFile {
  transport: Transport;
  /** Writes out what is buffered; at most half a second. */
  close(): Promise<void>;
}

/**
 * The rotating log file as a winston transport that cannot end the process: winston-daily-rotate-file emits
 * stream errors that nobody listens to, so they are caught here, the lines counted, and the file tried again
 * after a minute. Files have mode 0600, turn over by day (UTC) and size, and are deleted by age and count.
 */
export function createLogFile(config: LogConfig, deps: LogFileDeps): LogFile {
  let file: DailyRotateFile | null = null;
  let failedAtMs: number | null = null;
  let closed = false;

  function fail(error: Error): void {
    if (failedAtMs === null) deps.onFailure(error);
    failedAtMs = deps.now();
    file = null;
  }

  function openOrNull(): DailyRotateFile | null {
    if (file !== null) return file;
    if (closed || (failedAtMs !== null && deps.now() - failedAtMs < RETRY_AFTER_MS)) return null;
    try {
      const opened = openRotating(config, deps.dir);
      onceWritten(opened, () => {
        failedAtMs = null;
      });
      listenToErrors(opened, (error) => {
        if (file === opened) fail(error);
      });
      file = opened;
    } catch (error) {
      fail(error as Error);
    }
    return file;
  }

  const transport = new Transport({
    log(info: Record<symbol, string>, next: () => void) {
      try {
        const target = openOrNull();
        if (target === null) deps.onLostLine();
        else target.logStream.write(`${info[MESSAGE]}\n`);
      } catch (error) {
        fail(error as Error);
        deps.onLostLine();
      }
      next();
    },
  });

  return {
    transport,
    async close() {
      closed = true;
      const target = file;
      file = null;
      if (target !== null) await endStream(target);
    },
  };
}

function openRotating(config: LogConfig, dir: string): DailyRotateFile {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const opened = new DailyRotateFile({
    dirname: dir,
    filename: 'signalbox-%DATE%.log',
    datePattern: 'YYYY-MM-DD',
    utc: true,
    maxSize: config.max_file_bytes,
    maxFiles: `${config.max_files_days}d`,
    auditFile: join(dir, '.signalbox-log-files.json'),
    options: { flags: 'a', mode: 0o600 },
  });
  opened.on('new', (current: string) => deleteOldest(dir, { current, maxFiles: config.max_files }));
  return opened;
}

/** The library keeps files by age or by count, not both; a flood of lines within a day needs the count. */
function deleteOldest(dir: string, { current, maxFiles }: { current: string; maxFiles: number }): void {
  try {
    const files = readdirSync(dir)
      .filter((name) => LOG_FILE.test(name) && name !== basename(current))
      .map((name) => ({ path: join(dir, name), mtimeMs: statSync(join(dir, name)).mtimeMs }))
      .sort((a, b) => b.mtimeMs - a.mtimeMs || b.path.localeCompare(a.path, 'en', { numeric: true }));
    for (const { path } of files.slice(maxFiles - 1)) rmSync(path, { force: true });
  } catch {
    // A file that vanished meanwhile: the next turn-over looks again.
  }
}

function listenToErrors(file: DailyRotateFile, onError: (error: Error) => void): void {
  file.on('error', onError);
  (file.logStream as NodeJS.EventEmitter).on('error', onError);
}

function onceWritten(file: DailyRotateFile, onOpen: () => void): void {
  (file.logStream as NodeJS.EventEmitter).once('open', onOpen);
}

function endStream(file: DailyRotateFile): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, CLOSE_TIMEOUT_MS);
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    const stream = file.logStream as NodeJS.EventEmitter & { end(): void };
    stream.once('close', done);
    stream.once('error', done);
    stream.end();
  });
}
