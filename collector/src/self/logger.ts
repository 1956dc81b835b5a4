import { isSpanContextValid, TraceFlags, trace } from '@opentelemetry/api';
import { createLogger as createWinstonLogger, format, type transport, transports } from 'winston';
import type { LogConfig } from './config.ts';
import { createLogFile } from './log-file-transport.ts';
import {
  isLevelEnabled,
  type LogContext,
  type Logger,
  type LogLevel,
  type LogRecord,
  type ThreadName,
} from './log-record.ts';
import { redact, redactText } from './redact.ts';

const LEVELS = { error: 0, warn: 1, info: 2, debug: 3 };
/** Lines kept for a listener that is attached later, so that telemetry also gets those of the start. */
const MAX_EARLY_RECORDS = 200;

export interface LoggerDeps {
  thread: ThreadName;
  /** Folder for the log files. Only the main thread has one: one writer per file. */
  dir?: string;
  /** The worker passes its records here; main gives them to `receive`. */
  forward?: (record: LogRecord) => void;
  stdout: NodeJS.WritableStream;
  stdoutIsTerminal: boolean;
  /** Where to say that the log file failed, once. */
  stderr: NodeJS.WritableStream;
  /** Counts lines; in the main thread those of the worker as well. */
  onRecord?: (level: LogLevel) => void;
  /** Counts lines that did not get into the file. */
  onLostLine?: () => void;
}

export interface RootLogger extends Logger {
  /** Writes a record of the other thread as it is. */
  receive(record: LogRecord): void;
  /**
   * Passes every record from now on, and up to 200 from before, to `listener`; for the bridge to telemetry.
   * One listener at a time. The function returned detaches it.
   */
  attach(listener: (record: LogRecord) => void): () => void;
  /** Writes out what is buffered; at most half a second. Lines logged afterwards are lost. */
  close(): Promise<void>;
}

/**
 * The log of one thread on winston: structured lines `{ timestamp, level, message, thread, component, ... }`
 * with secrets masked and the ids of the active recorded span. In the main thread lines go to the rotating
 * file and stdout; in the worker they are forwarded. Nothing that goes wrong in here throws.
 */
export function createLogger(config: LogConfig, deps: LoggerDeps): RootLogger {
  const output =
    deps.forward === undefined ? createOutput(config, deps) : { write: deps.forward, close: async () => {} };
  let early: LogRecord[] = [];
  let listener: ((record: LogRecord) => void) | null = null;

  function emit(record: LogRecord): void {
    output.write(record);
    deps.onRecord?.(record.level);
    if (listener !== null) listener(record);
    else if (deps.forward === undefined && early.length < MAX_EARLY_RECORDS) early.push(record);
  }

  function log(line: Line): void {
    if (isLevelEnabled(line.level, config.level)) emit(createRecord(line, deps.thread));
  }

  return {
    ...createChild(log, 'main', {}),
    receive: emit,
    attach(next) {
      listener = next;
      for (const record of early) next(record);
      early = [];
      return () => {
        if (listener === next) listener = null;
      };
    },
    close: output.close,
  };
}

interface Line {
  level: LogLevel;
  message: string;
  component: string;
  context: LogContext;
}

function createChild(log: (line: Line) => void, component: string, inherited: LogContext): Logger {
  const at = (level: LogLevel) => (message: string, context?: LogContext) =>
    log({ level, message, component, context: { ...inherited, ...context } });
  return {
    error: at('error'),
    warn: at('warn'),
    info: at('info'),
    debug: at('debug'),
    child: (name, context) => createChild(log, name, { ...inherited, ...context }),
  };
}

function createRecord({ level, message, component, context }: Line, thread: ThreadName): LogRecord {
  return {
    ...redact(context),
    timestamp: new Date().toISOString(),
    level,
    message: redactText(message),
    thread,
    component,
    ...activeSpan(context),
  };
}

/** Ids of the active span; an id in the context wins. A span that is not recorded is named nowhere else. */
function activeSpan(context: LogContext): { traceId?: string; spanId?: string } {
  if (context.traceId !== undefined) return {};
  const span = trace.getActiveSpan()?.spanContext();
  if (span === undefined || !isSpanContextValid(span) || (span.traceFlags & TraceFlags.SAMPLED) === 0)
    return {};
  return { traceId: span.traceId, spanId: span.spanId };
}

interface Output {
  write(record: LogRecord): void;
  close(): Promise<void>;
}

function createOutput(config: LogConfig, deps: LoggerDeps): Output {
  const file = deps.dir === undefined ? null : createFile(config, deps, deps.dir);
  const stdoutLevel = levelOfStdout(config, deps.stdoutIsTerminal);
  const targets: transport[] = [];
  if (file !== null) targets.push(file.transport);
  if (stdoutLevel !== null) {
    // A reader that went away (`| head`) must not end the collector.
    deps.stdout.on('error', () => {});
    const shape = deps.stdoutIsTerminal ? terminalLine() : jsonLine();
    targets.push(new transports.Stream({ stream: deps.stdout, level: stdoutLevel, format: shape }));
  }
  const winston = createWinstonLogger({
    levels: LEVELS,
    level: config.level,
    format: jsonLine(),
    transports: targets,
    silent: targets.length === 0,
    exitOnError: false,
  });
  winston.on('error', () => deps.onLostLine?.());
  return {
    write: (record) => void winston.log({ ...record }),
    async close() {
      await new Promise<void>((resolve) => {
        winston.once('finish', resolve).end();
        setTimeout(resolve, 500).unref();
      });
      await file?.close();
    },
  };
}

function createFile(config: LogConfig, deps: LoggerDeps, dir: string) {
  return createLogFile(config, {
    dir,
    onFailure: (error) =>
      void deps.stderr.write(`signalbox: the log file in ${dir} cannot be written: ${error.message}\n`),
    onLostLine: () => deps.onLostLine?.(),
    now: () => performance.now(),
  });
}

function levelOfStdout(config: LogConfig, isTerminal: boolean): LogLevel | null {
  if (config.stdout === 'none') return null;
  if (config.stdout === 'auto') return isTerminal ? 'warn' : 'info';
  return config.stdout;
}

function jsonLine() {
  return format.printf(({ timestamp, level, message, ...rest }) =>
    JSON.stringify({ timestamp, level, message, ...rest }),
  );
}

function terminalLine() {
  return format.printf(({ timestamp, level, message, thread: _thread, component, ...rest }) => {
    const context = Object.keys(rest).length === 0 ? '' : ` ${JSON.stringify(rest)}`;
    return `${String(timestamp).slice(11, 19)} ${level} ${String(component)}: ${String(message)}${context}`;
  });
}
