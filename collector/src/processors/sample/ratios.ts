import { thresholdOf } from '#otlp/tracestate.ts';
import { compileOptional, compilePatterns } from '../pattern.ts';
import type { SampleConfig } from './config.ts';
import { isAtMost } from './severity.ts';
import type { Verdict } from './walk.ts';

/** A share of items that is kept: those whose randomness reaches the threshold. */
export interface Ratio {
  threshold: bigint;
  /** Of those that do not. */
  verdict: Verdict;
}

const verdictOf = (rule: string): Verdict => ({ reason: 'sample', rule });

/** The ratio for the spans of a service. */
export function createTraceRatios(config: SampleConfig['traces']): (service: string) => Ratio {
  const services = config.services.map(({ ratio, service }, index) => ({
    matches: compilePatterns(service),
    ratio: { threshold: thresholdOf(ratio), verdict: verdictOf(`services[${index}]`) },
  }));
  const otherwise: Ratio = { threshold: thresholdOf(config.ratio), verdict: verdictOf('ratio') };
  return (service) => services.find(({ matches }) => matches(service))?.ratio ?? otherwise;
}

/** The ratio for a record of a service, by its SeverityNumber; null where no rule matches. */
export function createLogRatios(
  config: SampleConfig['logs'],
): (service: string, severity: number) => Ratio | null {
  const rules = config.rules.map(({ name, ratio, service, severity_at_most }, index) => {
    const test = compileOptional(service);
    return {
      matches: (each: string, severity: number) =>
        (test === null || test(each)) &&
        (severity_at_most === undefined || isAtMost(severity, severity_at_most)),
      ratio: { threshold: thresholdOf(ratio), verdict: verdictOf(name ?? `rules[${index}]`) },
    };
  });
  return (service, severity) => rules.find(({ matches }) => matches(service, severity))?.ratio ?? null;
}
