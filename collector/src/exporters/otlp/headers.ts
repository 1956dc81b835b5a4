import { validateHeaderName, validateHeaderValue } from 'node:http';
import { OperatorError } from '#core/errors.ts';

const OURS = new Set([
  'content-type',
  'content-encoding',
  'content-length',
  'transfer-encoding',
  'connection',
]);

/** Headers out of `Name: value` lines. Throws OperatorError that names the line by its place, never by its value. */
export function parseHeaders(lines: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [index, line] of lines.entries()) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon)).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (!isUsable(name, value))
      throw new OperatorError(
        `exporter_otlp.headers.${index} is no header. It has to be \`Name: value\`; a comma separates headers in SIGNALBOX_EXPORTER_OTLP_HEADERS.`,
      );
    if (OURS.has(name))
      throw new OperatorError(`exporter_otlp.headers.${index} sets ${name}, which the exporter sets itself.`);
    headers[name] = value;
  }
  return headers;
}

function isUsable(name: string, value: string): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}
