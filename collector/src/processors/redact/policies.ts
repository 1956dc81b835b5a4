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

function matcher(allowed: readonly string[]): (found: string) => boolean {
  const exact = new Set(allowed.filter((text) => !text.startsWith('*')).map((text) => text.toLowerCase()));
  const endings = allowed.filter((text) => text.startsWith('*')).map((text) => text.slice(1).toLowerCase());
  return (found) => {
    if (allowed.length === 0) return false;
    const lower = found.toLowerCase();
    return exact.has(lower) || endings.some((ending) => lower.endsWith(ending));
  };
}

/** Makes the policies of a configuration; services that say the same share one. */
export function createPolicies(config: RedactConfig, deps: PolicyDeps): Policies {
  const custom = createCustomRules(config.custom);
  const isAllowed = matcher(config.allow_values);
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
  const services = new Map(
    config.services.map(({ enabled, off, service }) => [
      service,
      make(config.enabled && enabled, [...config.off, ...off]),
    ]),
  );
  return {
    general,
    of: (service) => services.get(service) ?? general,
    // What is off for one service is found for it all the same and left alone later.
    scan: general.texts.scan,
  };
}
