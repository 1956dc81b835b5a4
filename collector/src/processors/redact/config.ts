import { type Static, Type } from 'typebox';
import { patternMistake } from './custom-rules.ts';
import { KEY_RULES } from './marker.ts';
import { RULES } from './rules/index.ts';

/** An attribute key, or the beginning of keys with a star behind. */
const KEY_PATTERN = '^[^*]+\\*?$';
const RULE_PATTERN = '^[a-z][a-z0-9-]{0,47}$';

const customRule = Type.Object(
  {
    name: Type.String({
      pattern: RULE_PATTERN,
      description: 'Stands in the replaced text, in counts and metrics',
    }),
    pattern: Type.String({
      minLength: 1,
      maxLength: 1000,
      description: 'What is replaced: a regular expression in the syntax of RE2, which takes linear time',
    }),
    contains: Type.String({
      default: '',
      maxLength: 100,
      description:
        'Text that every match contains, letter by letter. Without it every text is searched, which costs processor time',
    }),
  },
  { additionalProperties: false },
);

const serviceRules = Type.Object(
  {
    service: Type.String({
      minLength: 1,
      maxLength: 128,
      description:
        'The `service.name`; `*` stands for any characters, and of several such entries the first that matches counts',
    }),
    enabled: Type.Boolean({ default: true, description: 'false: nothing of this service is redacted' }),
    off: Type.Array(Type.String({ pattern: RULE_PATTERN }), {
      default: [],
      description: 'Rules that do not apply to this service, besides those that are off for all',
    }),
  },
  { additionalProperties: false },
);

/** Section `redact`: what is taken out of telemetry before it is written down. */
export const redactSchema = Type.Object(
  {
    enabled: Type.Boolean({ default: true, description: 'false: nothing is redacted' }),
    off: Type.Array(Type.String({ pattern: RULE_PATTERN }), {
      default: [],
      uniqueItems: true,
      description: 'Rules that do not apply: `email`, `phone`, ...; the page Processors lists them all',
    }),
    keys: Type.Array(Type.String({ pattern: KEY_PATTERN }), {
      default: [],
      description:
        'More attribute keys whose values are credentials; `acme.internal.*` for all that begin so',
    }),
    allow_keys: Type.Array(Type.String({ pattern: KEY_PATTERN }), {
      default: [],
      description: 'Attribute keys whose values are left as they are',
    }),
    allow_values: Type.Array(Type.String({ pattern: '[^*]', maxLength: 256 }), {
      default: [],
      description:
        'What may stay although a rule finds it: `support@example.com`, `*@example.com`; `*` stands for any characters',
    }),
    user_ids: Type.Union([Type.Literal('hash'), Type.Literal('keep')], {
      default: 'hash',
      description: 'Ids of users: a keyed hash in their place, so that users can be counted, or as they are',
    }),
    ip_addresses: Type.Union([Type.Literal('keep'), Type.Literal('truncate'), Type.Literal('hash')], {
      default: 'keep',
      description:
        'Addresses of clients: as they are, without their last part (IPv4 /24, IPv6 /48), or a keyed hash',
    }),
    hash_key: Type.String({
      default: '',
      writeOnly: true,
      pattern: '^([!-~]{16,256})?$',
      description:
        'The key of these hashes, at least 16 characters; made and kept in the data folder when empty',
    }),
    custom: Type.Array(customRule, {
      default: [],
      maxItems: 100,
      description: 'More rules, in the file only',
    }),
    services: Type.Array(serviceRules, {
      default: [],
      maxItems: 1000,
      description: 'Exceptions for single services, in the file only',
    }),
  },
  { additionalProperties: false, default: {} },
);

export type RedactConfig = Static<typeof redactSchema>;

/**
 * What the schema cannot tell: names of rules that do not exist, patterns that cannot be used, own rules with the
 * name of another, and services that are listed twice. Paths as in the file, `redact.custom.0.pattern`.
 */
export function redactMistakes({ custom, off, services }: RedactConfig): { path: string; message: string }[] {
  const builtIn = [...RULES.map(({ name }) => name), ...Object.values(KEY_RULES)];
  const known = new Set([...builtIn, ...custom.map(({ name }) => name)]);
  const unknown = (path: string, names: readonly string[]) =>
    names
      .filter((name) => !known.has(name))
      .map((name) => ({ path, message: `no rule is named ${name}; known: ${[...known].join(', ')}` }));
  return [
    ...unknown('redact.off', off),
    ...services.flatMap((service, index) => unknown(`redact.services.${index}.off`, service.off)),
    ...listedTwice(services),
    ...custom.flatMap(({ name, pattern }, index) => {
      const path = `redact.custom.${index}`;
      const mistake = patternMistake(pattern);
      const isTaken = builtIn.includes(name) || custom.findIndex((other) => other.name === name) < index;
      return [
        ...(mistake === null ? [] : [{ path: `${path}.pattern`, message: mistake }]),
        ...(isTaken ? [{ path: `${path}.name`, message: `another rule is named ${name}` }] : []),
      ];
    }),
  ];
}

function listedTwice(services: RedactConfig['services']): { path: string; message: string }[] {
  return services.flatMap(({ service }, index) => {
    const first = services.findIndex((other) => other.service === service);
    if (first === index) return [];
    const message = `redact.services.${first} is about ${service} too; put both into one entry`;
    return [{ path: `redact.services.${index}.service`, message }];
  });
}
