import type { BoundNotice, Notice, Pairs } from './alert.ts';

const MAX_VALUE = 4096;
const MAX_NAME = 256;
const MAX_PAIRS = 64;
/** Of the labels, and again of the annotations. */
const MAX_TOTAL = 32 * 1024;

/**
 * Cuts what is too long to keep: a value after 4,096 characters, with a mark that says how long it was; of labels
 * and of annotations what comes after 64 pairs or 32,768 characters, and pairs whose name is longer than 256.
 */
export function boundText(notice: Notice): BoundNotice {
  const labels = boundPairs(notice.labels);
  const annotations = boundPairs(notice.annotations);
  const generatorUrl = boundValue(notice.generatorUrl);
  const isCut = labels.isCut || annotations.isCut || generatorUrl !== notice.generatorUrl;
  return { ...notice, labels: labels.pairs, annotations: annotations.pairs, generatorUrl, isCut };
}

function boundPairs(pairs: Pairs): { pairs: Pairs; isCut: boolean } {
  const kept: [string, string][] = [];
  let total = 0;
  let isCut = false;
  for (const [name, value] of Object.entries(pairs)) {
    const bounded = boundValue(value);
    total += name.length + bounded.length;
    if (total > MAX_TOTAL || kept.length === MAX_PAIRS)
      return { pairs: Object.fromEntries(kept), isCut: true };
    if (name.length <= MAX_NAME) kept.push([name, bounded]);
    if (name.length > MAX_NAME || bounded !== value) isCut = true;
  }
  return { pairs: Object.fromEntries(kept), isCut };
}

function boundValue(value: string): string {
  if (value.length <= MAX_VALUE) return value;
  // A character of two units that the cut went through is no longer one.
  return `${value.slice(0, MAX_VALUE).toWellFormed()}… (cut, ${value.length} characters)`;
}
