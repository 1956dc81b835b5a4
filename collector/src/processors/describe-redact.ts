import type { ProcessorSection, RedactionRule } from '#core/processor-description.ts';
import type { RedactConfig } from './redact/config.ts';
import { KEY_RULES } from './redact/marker.ts';
import { RULES } from './redact/rules/index.ts';

const BY_KEY: readonly { name: string; title: string }[] = [
  { name: KEY_RULES.credential, title: 'Attributes whose name says that they hold a credential' },
  { name: KEY_RULES.personal, title: 'Attributes whose name says that they hold personal data' },
  { name: KEY_RULES.userId, title: 'Attributes that hold the id of a user: a keyed hash in its place' },
];

/** All rules of redaction: by name of the attribute, by what is in a text, and those of the operator. */
export function describeRules(config: RedactConfig): RedactionRule[] {
  const own = config.custom.map(({ name }) => ({ name, title: 'A rule of your own (redact.custom)' }));
  return [...BY_KEY, ...RULES, ...own].map(({ name, title }) => ({ name, title, isOn: isOn(name, config) }));
}

function isOn(name: string, { enabled, ip_addresses, off, user_ids }: RedactConfig): boolean {
  if (!enabled || off.includes(name)) return false;
  if (name === 'ip') return ip_addresses !== 'keep';
  return name !== KEY_RULES.userId || user_ids === 'hash';
}

const USER_IDS = { true: 'ids of users become keyed hashes', false: 'ids of users stay as they are' };
const IP_ADDRESSES = {
  keep: 'addresses of clients stay as they are',
  truncate: 'addresses of clients lose their last part',
  hash: 'addresses of clients become keyed hashes',
};

/** The section `redact`. */
export function describeRedact(config: RedactConfig): ProcessorSection {
  const { enabled, ip_addresses, off, services } = config;
  const rules = describeRules(config);
  const on = rules.filter((rule) => rule.isOn).length;
  const parts = [
    `${on} of ${rules.length} rules are on`,
    USER_IDS[`${isOn(KEY_RULES.userId, config)}`],
    IP_ADDRESSES[off.includes('ip') ? 'keep' : ip_addresses],
  ];
  if (services.length > 0) {
    parts.push(
      services.length === 1 ? '1 service has an exception' : `${services.length} services have exceptions`,
    );
  }
  return {
    processor: 'redact',
    title: 'Redaction',
    isOn: enabled,
    summary: enabled ? parts.join('; ') : 'nothing is redacted',
  };
}
