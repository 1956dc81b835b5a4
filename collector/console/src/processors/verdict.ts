import type { ProcessorCount } from '#api/schemas/processors.ts';
import { countOf } from '../format/number.ts';

/** What the processors did, in a line. */
export interface ProcessorsVerdict {
  kind: 'nothing' | 'done';
  text: string;
}

type Done = Pick<ProcessorCount, 'action' | 'count' | 'signal'>;

const ITEMS = { traces: 'span', metrics: 'data point', logs: 'log record' } as const;

/** By action, in the order in which they are said; those that people look for are said also when there are none. */
const ACTIONS: readonly { action: string; noun: string; verb: string; isAlwaysSaid?: boolean }[] = [
  { action: 'redacted', noun: 'value', verb: 'redacted', isAlwaysSaid: true },
  { action: 'hashed', noun: 'id', verb: 'hashed' },
  { action: 'stripped', noun: 'piece of content', verb: 'taken out' },
  { action: 'dropped', noun: 'item', verb: 'dropped', isAlwaysSaid: true },
  { action: 'cut', noun: 'value or member', verb: 'cut', isAlwaysSaid: true },
  { action: 'clamped', noun: 'time', verb: 'set right' },
  { action: 'merged', noun: 'data point', verb: 'merged' },
  { action: 'inserted', noun: 'attribute', verb: 'added' },
];
const PLURALS: Readonly<Record<string, string>> = {
  'piece of content': 'pieces of content',
  'value or member': 'values or members',
};

/** The counts as a sentence: `1,204 values redacted, 96 spans dropped, nothing cut`. */
export function processorsVerdict(counts: readonly Done[]): ProcessorsVerdict {
  if (!counts.some(({ count }) => count > 0)) {
    return { kind: 'nothing', text: 'Nothing had to be changed or dropped' };
  }
  const text = ACTIONS.flatMap(({ action, isAlwaysSaid, noun, verb }) => {
    const done = counts.filter((one) => one.action === action && one.count > 0);
    if (done.length > 0) return [`${amountOf(action, noun, done)} ${verb}`];
    return isAlwaysSaid === true ? [`nothing ${verb}`] : [];
  }).join(', ');
  return { kind: 'done', text: text.charAt(0).toUpperCase() + text.slice(1) };
}

function amountOf(action: string, noun: string, done: readonly Done[]): string {
  if (action !== 'dropped') return countOf(sum(done), noun, PLURALS[noun]);
  const bySignal = (['traces', 'logs', 'metrics'] as const).flatMap((signal) => {
    const items = sum(done.filter((one) => one.signal === signal));
    return items === 0 ? [] : [countOf(items, ITEMS[signal])];
  });
  return bySignal.join(' and ');
}

function sum(done: readonly Done[]): number {
  return done.reduce((total, { count }) => total + count, 0);
}
