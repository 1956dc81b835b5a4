import winston from 'winston';
import { createOtelLogTransport } from './otel-log-transport.ts';

/** A logger that writes JSON lines to standard output and sends the same records over OTLP. */
export function createLogger(): winston.Logger {
  return winston.createLogger({
    level: 'info',
    transports: [
      new winston.transports.Console({
        format: winston.format.combine(winston.format.timestamp(), winston.format.json()),
      }),
      createOtelLogTransport(),
    ],
  });
}

/** What a log record says about an error: the `exception.*` attributes of the semantic conventions. */
export function exceptionAttributes(error: unknown): Record<string, string> {
  if (!(error instanceof Error))
    return { 'exception.type': typeof error, 'exception.message': String(error) };
  return {
    'exception.type': error.name,
    'exception.message': error.message,
    'exception.stacktrace': error.stack ?? '',
  };
}
