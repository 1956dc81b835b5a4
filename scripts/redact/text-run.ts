import { protobufToJson } from '#otlp/protobuf-to-json.ts';
import type { FindRanges, FoundRange } from './find-ranges.ts';
import { type Input, readLines } from './read-input.ts';
import type { Teller } from './tell.ts';
import type { Trial } from './trial.ts';

/** Lines that go through the processors as one request. */
const MAX_LINES = 2000;
const MAX_CHARS = 1024 * 1024;
const UNKNOWN_SERVICE = 'unknown_service';
const WHOLLY = /^\[redacted:([a-z0-9-]+)\]$/;

export interface TextRunDeps {
  trial: Trial;
  findRanges: FindRanges;
  service: string;
  key: string;
  tell: Teller;
}

interface LogRecord {
  droppedAttributesCount?: number;
  body?: Value;
  attributes?: { key: string; value?: Value }[];
}
type Value = { stringValue?: string };

/** A request of which each record says, in a field that no processor looks at, which line it is. */
function requestOf(lines: readonly string[], { key, service }: TextRunDeps): string {
  const timeUnixNano = `${Date.now()}000000`;
  const logRecords = lines.map((line, index): object => {
    const value = { stringValue: line.toWellFormed() };
    const held = key === '' ? { body: value } : { attributes: [{ key, value }] };
    return { timeUnixNano, droppedAttributesCount: index, ...held };
  });
  const attributes = [{ key: 'service.name', value: { stringValue: service || UNKNOWN_SERVICE } }];
  return JSON.stringify({ resourceLogs: [{ resource: { attributes }, scopeLogs: [{ logRecords }] }] });
}

function textOf(value: Value | undefined): string | null {
  return value === undefined ? null : (value.stringValue ?? JSON.stringify(value));
}

/** What became of each line; null when it was taken out. */
function linesOf(bytes: Uint8Array, count: number, key: string): (string | null)[] {
  const lines = new Array<string | null>(count).fill(null);
  const json = protobufToJson('logs', bytes);
  if (json === null) throw new Error('a line is too long');
  const request = JSON.parse(json) as { resourceLogs: { scopeLogs: { logRecords: LogRecord[] }[] }[] };
  for (const { attributes, body, droppedAttributesCount } of request.resourceLogs[0]!.scopeLogs[0]!
    .logRecords) {
    const value = key === '' ? body : attributes?.find((attribute) => attribute.key === key)?.value;
    lines[droppedAttributesCount ?? 0] = textOf(value);
  }
  return lines;
}

/** Where in a line something was found; the whole line when it went because of its key. */
function foundIn({ findRanges, key }: TextRunDeps, before: string, after: string | null): FoundRange[] {
  if (after === null) return [];
  const { after: byText, found } = findRanges(before);
  if (key === '' || byText === after) return found;
  return [{ rule: WHOLLY.exec(after)?.[1] ?? 'key', from: 1, to: [...before].length }];
}

/** Tries lines of text, each as a log record. Answers the number of lines. */
export async function tryText(input: Input, deps: TextRunDeps): Promise<string> {
  const { tell, trial } = deps;
  let batch: string[] = [];
  let chars = 0;
  let linesDone = 0;
  let bytesDone = 0;

  function flush(): void {
    if (batch.length === 0) return;
    const tried = trial.json('logs', Buffer.from(requestOf(batch, deps)));
    if (!tried.ok) throw new Error(tried.message);
    const lines = tried.after === tried.before ? batch : linesOf(tried.after, batch.length, deps.key);
    for (const [index, text] of batch.entries()) {
      const before = text.toWellFormed();
      const after = lines[index] ?? null;
      if (after === before) continue;
      const found = foundIn(deps, before, after);
      tell.line({ file: input.name, line: linesDone + index + 1, before, after, found });
    }
    linesDone += batch.length;
    batch = [];
    chars = 0;
  }

  for await (const bytes of readLines(input)) {
    const line = bytes.toString();
    batch.push(line);
    chars += line.length;
    bytesDone += bytes.length + 1;
    if (batch.length >= MAX_LINES || chars >= MAX_CHARS) flush();
    tell.progress(input, bytesDone);
  }
  flush();
  return `${linesDone} ${linesDone === 1 ? 'line' : 'lines'}`;
}
