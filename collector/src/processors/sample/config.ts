import { type Static, Type } from 'typebox';
import { SIGNALS, type Signal } from '#core/signal.ts';
import { SEVERITIES, type Severity } from './severity.ts';
import { BUILT_IN } from './well-known-paths.ts';

const MAX_RULES = 100;
const MAX_PATTERN_CHARS = 512;

const pattern = { type: 'string', minLength: 1, maxLength: MAX_PATTERN_CHARS };

/** No `anyOf`, whose mistakes are shown as if it were a list of words. */
const patterns = (description: string) =>
  Type.Unsafe<string | string[]>({
    ...pattern,
    type: ['string', 'array'],
    items: pattern,
    minItems: 1,
    maxItems: 1000,
    description: `${description}; text, in which \`*\` stands for any characters, or a list of such`,
  });

const signal = (description: string) =>
  Type.Unsafe<Signal>({ type: 'string', enum: [...SIGNALS], description });

const severity = (description: string) =>
  Type.Unsafe<Severity>({ type: 'string', enum: SEVERITIES, description });

const ratio = (description: string) => Type.Number({ minimum: 0, maximum: 1, description });

const name = Type.String({
  pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$',
  description: 'Under which it is counted',
});

const atMost = severity('Only records that say they are as severe as this, or less');

const dropRule = Type.Object(
  {
    name,
    signal: Type.Optional(signal('Only items of this signal')),
    service: Type.Optional(patterns('`service.name`')),
    match: Type.Optional(
      Type.Unsafe<Record<string, string | string[]>>({
        type: 'object',
        additionalProperties: patterns('The value as text'),
        maxProperties: 32,
        description:
          'Attributes of the item by their key, of its resource as `resource.<key>`; all must match',
      }),
    ),
    span_name: Type.Optional(patterns('The name of the span')),
    severity_below: Type.Optional(severity('Only records that say they are less severe')),
    metric_name: Type.Optional(patterns('The name of the metric')),
  },
  { additionalProperties: false },
);

const serviceRatio = Type.Object(
  {
    service: patterns('`service.name`'),
    ratio: ratio('Share of its spans that is kept, by trace id'),
  },
  { additionalProperties: false },
);

const logRule = Type.Object(
  {
    name: Type.Optional(name),
    service: Type.Optional(patterns('`service.name`')),
    severity_at_most: Type.Optional(atMost),
    ratio: ratio('Share of the records that is kept'),
  },
  { additionalProperties: false },
);

const rateLimit = Type.Object(
  {
    signal: signal('What is limited'),
    service: Type.Optional(patterns('`service.name`')),
    severity_at_most: Type.Optional(atMost),
    per_second: Type.Number({
      exclusiveMinimum: 0,
      maximum: 1e9,
      description: 'Spans, records or data points of each service that pass in a second, over time',
    }),
    burst: Type.Optional(
      Type.Number({
        minimum: 1,
        maximum: 1e10,
        description: 'How many pass at once after a pause; ten seconds of `per_second` unless given',
      }),
    ),
  },
  { additionalProperties: false },
);

const traces = Type.Object(
  {
    ratio: Type.Number({
      default: 1,
      minimum: 0,
      maximum: 1,
      description: 'Share of traces that is kept, by trace id',
    }),
    services: Type.Array(serviceRatio, {
      default: [],
      maxItems: MAX_RULES,
      description: 'Other ratios for the spans of some services; the first that matches counts',
    }),
    keep_errors: Type.Boolean({ default: true, description: 'Keep traces with a span of status error' }),
    keep_slow_ms: Type.Integer({
      default: 1000,
      minimum: 0,
      maximum: 86_400_000,
      description: 'Keep traces with a span that took as long as this; 0: no matter how long',
    }),
    keep_llm: Type.Boolean({ default: true, description: 'Keep traces with a span of a language model' }),
    remember_seconds: Type.Integer({
      default: 60,
      minimum: 0,
      maximum: 3600,
      description: 'How long, after its last span, a trace to be kept is remembered for those that follow',
    }),
    remember_traces: Type.Integer({
      default: 100_000,
      minimum: 0,
      maximum: 1_000_000,
      description: 'How many are remembered, about 125 bytes each; over that the oldest are forgotten',
    }),
  },
  { additionalProperties: false, default: {} },
);

const logs = Type.Object(
  {
    rules: Type.Array(logRule, {
      default: [],
      maxItems: MAX_RULES,
      description: 'Which records are kept in part; the first rule that matches counts',
    }),
    follow_traces: Type.Boolean({
      default: true,
      description: 'Decide by trace id, so that records go with their trace; else each one by chance',
    }),
  },
  { additionalProperties: false, default: {} },
);

/** Section `sample`: what is kept of what comes in. Without any of it, all. */
export const sampleSchema = Type.Object(
  {
    drop_health_checks: Type.Boolean({
      default: false,
      description: 'Leave out requests for /healthz and the like, with what they did; failed ones stay',
    }),
    drop_static_files: Type.Boolean({
      default: false,
      description: 'Leave out requests for images, styles, scripts and fonts; failed ones stay',
    }),
    drop: Type.Array(dropRule, {
      default: [],
      maxItems: MAX_RULES,
      description: 'Items to leave out: those for which all conditions of one of these rules hold',
    }),
    traces,
    logs,
    rate_limits: Type.Array(rateLimit, {
      default: [],
      maxItems: MAX_RULES,
      description: 'Limits for each service; the first that matches counts. A trace passes as a whole or not',
    }),
  },
  { additionalProperties: false, default: {} },
);

export type SampleConfig = Static<typeof sampleSchema>;
export type DropRule = SampleConfig['drop'][number];

interface Mistake {
  path: string;
  message: string;
}

const SIGNAL_OF = { span_name: 'traces', severity_below: 'logs', metric_name: 'metrics' } as const;
type Only = keyof typeof SIGNAL_OF;
const ONLY = Object.keys(SIGNAL_OF) as Only[];

/** The signals whose items a drop rule can match: all, unless it says or implies one. */
export function signalsOf(rule: DropRule): Signal[] {
  const wanted = ONLY.filter((key) => rule[key] !== undefined).map((key) => SIGNAL_OF[key]);
  return SIGNALS.filter(
    (signal) => (rule.signal ?? signal) === signal && wanted.every((each) => each === signal),
  );
}

function dropMistakes(rule: DropRule, path: string): Mistake[] {
  const hasCondition =
    rule.service !== undefined ||
    Object.keys(rule.match ?? {}).length > 0 ||
    ONLY.some((key) => rule[key] !== undefined);
  const mistakes: Mistake[] = [];
  if (!hasCondition)
    mistakes.push({ path, message: 'has no condition, so it would drop all; `service: "*"` if it should' });
  if (signalsOf(rule).length === 0) {
    const said = [...(rule.signal ? ['signal'] : []), ...ONLY.filter((key) => rule[key] !== undefined)];
    mistakes.push({ path, message: `matches nothing: ${said.join(' and ')} are of different signals` });
  }
  if ((BUILT_IN as readonly string[]).includes(rule.name))
    mistakes.push({ path: `${path}.name`, message: `${rule.name} is the name of a rule that is built in` });
  return mistakes;
}

/** Mistakes in the section `sample` that its schema cannot tell; paths as in `sample.drop.0.name`. */
export function sampleMistakes(config: SampleConfig): Mistake[] {
  const drops = config.drop.flatMap((rule, index) => {
    const path = `sample.drop.${index}`;
    const first = config.drop.findIndex(({ name }) => name === rule.name);
    const twice = { path: `${path}.name`, message: `is the name of sample.drop.${first} too` };
    return [...dropMistakes(rule, path), ...(first < index ? [twice] : [])];
  });
  const limits = config.rate_limits.flatMap(({ severity_at_most, signal }, index) =>
    severity_at_most === undefined || signal === 'logs'
      ? []
      : [
          {
            path: `sample.rate_limits.${index}.severity_at_most`,
            message: `only logs have a severity, not ${signal}`,
          },
        ],
  );
  return [...drops, ...limits];
}
