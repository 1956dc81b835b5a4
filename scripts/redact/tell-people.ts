import type { FoundRange } from './find-ranges.ts';
import { createErrorTeller, type LineChange, type Teller, type TellOptions } from './tell.ts';
import type { Summary } from './trial.ts';

const MAX_SHOWN = 200;
const SHOWN_BEFORE = 40;
const MAX_RANGES = 12;
const BYTES_PER_MB = 1_000_000;
/** Less is over before it is fast. */
const MIN_PACE_BYTES = 100_000;

/** One character for each, and none that a terminal would obey. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a terminal.
  return text.replaceAll('\t', ' ').replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '\ufffd');
}

interface Excerpt {
  text: string;
  /** How many characters of the whole are left out before, less what stands in their place. */
  shift: number;
}

/** A piece of a long text around the character `at`. */
function excerpt(text: string, at: number): Excerpt {
  const chars = [...text];
  if (chars.length <= MAX_SHOWN) return { text: printable(text), shift: 0 };
  const from = at <= MAX_SHOWN - SHOWN_BEFORE ? 0 : at - SHOWN_BEFORE;
  const piece = printable(chars.slice(from, from + MAX_SHOWN).join(''));
  const tail = from + MAX_SHOWN < chars.length ? '…' : '';
  return from === 0 ? { text: piece + tail, shift: 0 } : { text: `…${piece}${tail}`, shift: from - 1 };
}

/** How many characters two texts have in common at their beginning. */
function sharedChars(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  return [...one.slice(0, at)].length;
}

function rangeText({ from, rule, to }: FoundRange): string {
  return from === 0 ? rule : `columns ${from}-${to}: ${rule}`;
}

function rangesText(found: readonly FoundRange[]): string {
  const shown = found.slice(0, MAX_RANGES).map(rangeText);
  const more = found.length - shown.length;
  return [...shown, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

/** Marks below a line what was found in it, as far as that is shown. */
function carets(found: readonly FoundRange[], { shift, text }: Excerpt): string {
  const width = [...text].length;
  const marks = new Array<string>(width).fill(' ');
  for (const { from, to } of found) {
    for (let column = from; column <= to; column++) {
      const at = column - 1 - shift;
      if (column > 0 && at >= 0 && at < width) marks[at] = '^';
    }
  }
  return marks.join('').trimEnd();
}

function lineText({ after, before, found, line }: LineChange, showValues: boolean): string {
  const number = String(line).padStart(6);
  const first = found.find(({ from }) => from > 0)?.from ?? sharedChars(before, after ?? '');
  const result = after === null ? '(taken out)' : excerpt(after, first).text;
  const ranges = found.length === 0 ? '' : `        ${rangesText(found)}\n`;
  if (!showValues) return `${number}  ${result}\n${ranges}`;
  const shown = excerpt(before, first);
  const marks = carets(found, shown);
  return `${number}- ${shown.text}\n${marks === '' ? '' : `        ${marks}\n`}${ranges}${number}+ ${result}\n`;
}

/** A table with aligned columns; the last is of numbers. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) => row.map((cell, at) => (at === 3 ? cell.padStart(widths[at]!) : cell.padEnd(widths[at]!))))
    .map((cells) => `  ${cells.join('  ')}\n`)
    .join('');
}

function summaryText({ bytes, changes, milliseconds }: Summary): string {
  const megabytes = bytes / BYTES_PER_MB;
  const pace = bytes < MIN_PACE_BYTES ? '' : `, ${(milliseconds / megabytes).toFixed(1)} ms per MB`;
  const took = `${megabytes.toFixed(2)} MB of telemetry took ${milliseconds.toFixed(1)} ms${pace}\n`;
  if (changes.length === 0) return `Nothing would be changed.\n${took}`;
  const rows = changes.map(({ action, count, processor, rule }) => [processor, rule, action, String(count)]);
  return `\n${table([['processor', 'rule', 'action', 'count'], ...rows])}\n${took}`;
}

/** Tells people: what is changed as it is found, then a table. */
export function createPeopleTeller({ showValues, write, writeError }: TellOptions): Teller {
  const errors = createErrorTeller(writeError);
  let current = '';
  const open = (file: string) => {
    if (file !== current) write(`${file}\n`);
    current = file;
  };
  const lineOf = (line: number) => (line === 0 ? '' : `line ${line}: `);
  return {
    failure: errors.failure,
    progress: errors.progress,
    get failed() {
      return errors.isFailed();
    },
    line(change) {
      open(change.file);
      write(lineText(change, showValues));
    },
    difference({ after, before, file, kind, line, path }) {
      open(file);
      const at = sharedChars(before, after);
      const result = kind === 'removed' ? '(taken out)' : excerpt(after, at).text;
      const old = showValues && kind !== 'inserted' ? `    - ${excerpt(before, at).text}\n` : '';
      const sign = kind === 'inserted' ? '+' : '=';
      write(`  ${lineOf(line)}${printable(path)}\n${old}    ${sign} ${result}\n`);
    },
    warning({ file, line, text }) {
      open(file);
      write(`  ${lineOf(line)}${text}\n`);
    },
    file(name, what) {
      write(`${name}: ${what}\n`);
      current = '';
    },
    summary: (summary) => write(summaryText(summary)),
  };
}
