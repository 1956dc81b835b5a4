import type { LogContext, Logger, LogLevel } from './log-record.ts';

export interface Line {
  level: LogLevel;
  message: string;
  context: LogContext;
}

/** A logger that keeps its lines for tests to read. */
export function createMemoryLogger(): Logger & { lines: Line[] } {
  const lines: Line[] = [];
  const at =
    (level: LogLevel) =>
    (message: string, context: LogContext = {}) =>
      void lines.push({ level, message, context });
  const logger = {
    lines,
    error: at('error'),
    warn: at('warn'),
    info: at('info'),
    debug: at('debug'),
    child: () => logger,
  };
  return logger;
}
