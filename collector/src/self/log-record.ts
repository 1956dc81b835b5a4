/** Levels of the collector's own log, most important first. */
export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export type ThreadName = 'main' | 'worker';
export type LogContext = Readonly<Record<string, unknown>>;

/** One line of the log: redacted, plain data, safe to pass between threads. */
export interface LogRecord {
  /** RFC 3339, UTC. */
  timestamp: string;
  level: LogLevel;
  message: string;
  thread: ThreadName;
  component: string;
  /** Hex ids of the span that was active, only when it is recorded. */
  traceId?: string;
  spanId?: string;
  [key: string]: unknown;
}

/** What every part of the collector logs with. Context is flat where possible; errors go under `error`. */
export interface Logger {
  error(message: string, context?: LogContext): void;
  warn(message: string, context?: LogContext): void;
  info(message: string, context?: LogContext): void;
  debug(message: string, context?: LogContext): void;
  /** A logger whose lines carry `component` and, optionally, more context. */
  child(component: string, context?: LogContext): Logger;
}

/** Whether a line of `level` passes when `least` is the least important level wanted. */
export function isLevelEnabled(level: LogLevel, least: LogLevel): boolean {
  return LOG_LEVELS.indexOf(level) <= LOG_LEVELS.indexOf(least);
}
