import type { Signal } from '#core/signal.ts';
import { compileOptional, compilePatterns, type Test } from '../pattern.ts';
import type { KeyIndex, Texts } from './attribute-texts.ts';
import { type DropRule, signalsOf } from './config.ts';
import type { ResourceFacts } from './resource-facts.ts';
import { lowestNumber } from './severity.ts';
import type { Verdict } from './walk.ts';

interface Condition {
  index: number;
  test: Test;
}

/** A drop rule of one signal, made ready. */
export interface Drop {
  verdict: Verdict;
  service: Test | null;
  resource: readonly Condition[];
  /** Of the span or metric. */
  name: Test | null;
  belowSeverity: number;
  item: readonly Condition[];
}

/** What a drop rule asks of an item. */
export interface Subject {
  texts: Texts;
  /** Of a span or metric; '' where no rule asks for it. */
  name: string;
  /** SeverityNumber of a log record. */
  severity: number;
}

const OF_RESOURCE = 'resource.';

function compile(rule: DropRule, keys: { item: KeyIndex; resource: KeyIndex }): Drop {
  const item: Condition[] = [];
  const resource: Condition[] = [];
  for (const [key, patterns] of Object.entries(rule.match ?? {})) {
    const test = compilePatterns(patterns);
    if (key.startsWith(OF_RESOURCE))
      resource.push({ index: keys.resource.indexOf(key.slice(OF_RESOURCE.length)), test });
    else item.push({ index: keys.item.indexOf(key), test });
  }
  return {
    verdict: { reason: 'drop', rule: rule.name },
    service: compileOptional(rule.service),
    resource,
    name: compileOptional(rule.span_name ?? rule.metric_name),
    belowSeverity: rule.severity_below === undefined ? Infinity : lowestNumber(rule.severity_below),
    item,
  };
}

/** Makes the rules ready that can match items of `signal`; the keys they ask for are added to `keys`. */
export function compileDrops(
  rules: readonly DropRule[],
  signal: Signal,
  keys: { item: KeyIndex; resource: KeyIndex },
): Drop[] {
  return rules.filter((rule) => signalsOf(rule).includes(signal)).map((rule) => compile(rule, keys));
}

function holds({ index, test }: Condition, texts: Texts): boolean {
  const text = texts[index];
  return typeof text === 'string' && test(text);
}

/** Of `drops` those that can match items of a resource. */
export function dropsFor(drops: readonly Drop[], { service, texts }: ResourceFacts): readonly Drop[] {
  if (drops.length === 0) return drops;
  return drops.filter(
    (drop) =>
      (drop.service === null || drop.service(service)) &&
      drop.resource.every((condition) => holds(condition, texts)),
  );
}

/** The first of the rules for the item's resource that matches it; null when none does. */
export function dropOf(drops: readonly Drop[], { name, severity, texts }: Subject): Verdict | null {
  for (const drop of drops) {
    if (drop.name !== null && !drop.name(name)) continue;
    if (drop.belowSeverity !== Infinity && (severity < 1 || severity >= drop.belowSeverity)) continue;
    if (drop.item.every((condition) => holds(condition, texts))) return drop.verdict;
  }
  return null;
}
