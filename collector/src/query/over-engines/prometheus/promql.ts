import { quote } from '../quote.ts';
import { LOOKBACK } from './prometheus-client.ts';

export interface Matcher {
  label: string;
  op: '=' | '!=' | '=~' | '!~';
  value: string;
}

/** A selector such as `{__name__="up",job="a"}`; labels are legacy names, values are quoted. */
export function selector(name: string | null, matchers: readonly Matcher[]): string {
  const all: Matcher[] = name === null ? [] : [{ label: '__name__', op: '=', value: name }];
  return `{${[...all, ...matchers].map(({ label, op, value }) => `${label}${op}${quote(value)}`).join(',')}}`;
}

/** Set on one of the two parts of `growth`, so that both are there to be summed. */
export const BIRTH_LABEL = 'signalbox_birth';

/**
 * By how much cumulative series grew in the window `ms`, to be summed: from the last sample before it, through
 * resets, without extrapolation. A series without a sample in the look-back before its first one began then, at zero.
 */
export function growth(select: string, ms: number): string {
  const window = `${select}[${ms}ms]`;
  const earlier = `last_over_time(${select}[${LOOKBACK}] offset ${ms}ms)`;
  const first = `first_over_time(${window}) unless ${earlier}`;
  return `increase(${window} anchored) or label_replace(${first}, "${BIRTH_LABEL}", "1", "", "")`;
}

/** The last value in the window `ms`. */
export function lastValue(select: string, ms: number): string {
  return `last_over_time(${select}[${ms}ms])`;
}
