import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import type { Mistake } from './mistake.ts';

/** Keys and values of a YAML file, or what is wrong with it. A key without a value counts as not there. */
export function parseFile(
  file: string,
): { ok: true; value: Record<string, unknown> } | { ok: false; mistakes: Mistake[] } {
  const wrong = (...messages: string[]) => ({
    ok: false as const,
    mistakes: messages.map((message) => ({ path: file, message })),
  });
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return wrong(`cannot be read: ${(error as Error).message}`);
  }
  const document = parseDocument(text, { prettyErrors: true });
  if (document.errors.length > 0) return wrong(...document.errors.map(({ message }) => firstLine(message)));
  try {
    const value: unknown = withoutNulls(document.toJS() ?? {});
    if (isMap(value)) return { ok: true, value };
    return wrong('must hold keys and values');
  } catch (error) {
    return wrong(`cannot be used: ${firstLine((error as Error).message)}`);
  }
}

/** It ends with line and column; what follows quotes the file, where secrets may stand. */
function firstLine(message: string): string {
  return message.split('\n', 1)[0]!.replace(/:$/, '');
}

function withoutNulls(value: unknown): unknown {
  if (!isMap(value)) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([key, member]) => [key, withoutNulls(member)]));
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
