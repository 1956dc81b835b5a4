import { createCache } from '../cache.ts';
import { compilePatterns } from '../pattern.ts';
import type { RedactConfig } from './config.ts';
import { type CustomRule, createCustomRules } from './custom-rules.ts';
import type { Rule } from './rule.ts';
import { createTextRedactor, type TextRedactor } from './text-redactor.ts';

/** How one service's telemetry is redacted. */
export interface Policy {
  enabled: boolean;
  /** Whether the rule of this name applies: those that find text, and those that go by the key. */
  isOn(rule: string): boolean;
  texts: TextRedactor;
}

export interface Policies {
  /** The one for all services that have none of their own. */
  general: Policy;
  of(service: string): Policy;
  /** Looks for whatever any of them would. */
  scan: TextRedactor['scan'];
}

interface PolicyDeps {
  /** All rules, and the names of those that are off by default. */
  rules: readonly Rule[];
  replace: (rule: string, found: string) => string;
  onHit: (rule: string) => void;
  onWork: () => void;
}

const MAX_REMEMBERED = 1_000;

/** Whether a found text is one of those that may stay, in upper or lower case; `*` stands for any characters. */
function createIsAllowed(allowed: readonly string[]): (found: string) => boolean {
  const matches = compilePatterns(allowed.map((text) => text.toLowerCase()));
  return (found) => allowed.length > 0 && matches(found.toLowerCase());
}

/**
 * Makes the policies of a configuration; services that say the same share one. The exact name of a service goes before
 * patterns, of which the first that matches counts.
 */
export function createPolicies(config: RedactConfig, deps: PolicyDeps): Policies {
  const isAllowed = createIsAllowed(config.allow_values);
  const custom = createCustomRules(config.custom, isAllowed);
  const made = new Map<string, Policy>();

  function make(enabled: boolean, off: readonly string[]): Policy {
    const name = `${enabled} ${[...off].sort().join(' ')}`;
    const known = made.get(name);
    if (known !== undefined) return known;
    const isOn = (rule: string) => enabled && !off.includes(rule);
    const rules = deps.rules.filter((rule) => isOn(rule.name));
    const own: CustomRule[] = custom.filter((rule) => isOn(rule.name));
    const texts = createTextRedactor({ ...deps, rules, custom: own, isAllowed });
    const policy = { enabled, isOn, texts };
    made.set(name, policy);
    return policy;
  }

  const general = make(config.enabled, config.off);
  const listed = config.services.map(({ enabled, off, service }) => ({
    service,
    matches: compilePatterns(service),
    policy: make(config.enabled && enabled, [...config.off, ...off]),
  }));
  const exact = new Map(listed.map(({ policy, service }) => [service, policy]));
  const patterns = listed.filter(({ service }) => service.includes('*'));
  const find = (service: string) =>
    exact.get(service) ?? patterns.find(({ matches }) => matches(service))?.policy ?? general;
  return {
    general,
    of: createCache(MAX_REMEMBERED, find),
    // What is off for one service is found for it all the same and left alone later.
    scan: general.texts.scan,
  };
}
