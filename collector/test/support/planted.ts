import { loadPositives } from '#processors/redact/corpus/load-corpus.ts';

type Json = Record<string, unknown>;

/** Something that nobody may find again: the text around it, and the secret parts. */
export interface Planted {
  text: string;
  secrets: string[];
}

const PER_CATEGORY = 8;
/** Shorter ones would be found by chance in ids and numbers. */
const MIN_SECRET_CHARS = 6;
const KEYS = [
  'db.password',
  'http.request.header.authorization',
  'http.request.header.cookie',
  'aws.secret_access_key',
  'user.email',
  'user.full_name',
  'user.id',
  'enduser.id',
] as const;

const attribute = (key: string, stringValue: string) => ({ key, value: { stringValue } });
const id = (bytes: number, number: number) => number.toString(16).padStart(bytes * 2, '7');

/** The first texts of each category of the corpus, but of addresses, whose rule is off by default. */
export function plantedTexts(): Planted[] {
  const count = new Map<string, number>();
  return loadPositives().flatMap(({ category, secrets, text }) => {
    const number = (count.get(category) ?? 0) + 1;
    count.set(category, number);
    if (category === 'ip' || number > PER_CATEGORY) return [];
    return [
      {
        text,
        secrets: secrets.map(({ value }) => value).filter((value) => value.length >= MIN_SECRET_CHARS),
      },
    ];
  });
}

/** Values that are secret by their key alone: plain words of which no pattern knows. */
export const KEYED_SECRETS = KEYS.map((key, number) => ({
  key,
  value: `quiet-otter-${number}-${key.length}-maple`,
}));

const keyed = () => KEYED_SECRETS.map(({ key, value }) => attribute(key, value));

/** Export requests in OTLP/JSON, by signal, with every text in every place where telemetry has free text. */
export function plantedRequests(
  texts: readonly Planted[],
  nowUnixNano: bigint,
): Record<'traces' | 'logs' | 'metrics', Json> {
  const at = String(nowUnixNano);
  const resource = {
    attributes: [attribute('service.name', 'planted'), attribute('deployment.note', texts[0]!.text)],
  };
  const spans = texts.map(({ text }, number) => ({
    traceId: id(16, number),
    spanId: id(8, number),
    name: `work on ${text}`,
    kind: 2,
    startTimeUnixNano: at,
    endTimeUnixNano: at,
    attributes: [attribute('note', text), attribute('url.full', text), ...keyed()],
    events: [
      {
        timeUnixNano: at,
        name: 'exception',
        attributes: [
          attribute('exception.message', text),
          attribute('exception.stacktrace', `Error: ${text}\n at f`),
        ],
      },
    ],
    links: [{ traceId: id(16, number), spanId: id(8, number), attributes: [attribute('why', text)] }],
    status: { code: 2, message: text },
  }));
  const logRecords = texts.flatMap(({ text }, number) => [
    {
      timeUnixNano: at,
      severityNumber: 9,
      body: { stringValue: text },
      attributes: [attribute('gen_ai.input.messages', text)],
      traceId: id(16, number),
      spanId: id(8, number),
    },
    {
      timeUnixNano: at,
      severityNumber: 17,
      body: { kvlistValue: { values: [attribute('inner', text), ...keyed()] } },
      attributes: [{ key: 'list', value: { arrayValue: { values: [{ stringValue: text }] } } }],
    },
  ]);
  const dataPoints = texts.map(({ text }, number) => ({
    timeUnixNano: at,
    asInt: String(number),
    attributes: [attribute('number', String(number)), attribute('label', text), ...keyed()],
    exemplars: [{ timeUnixNano: at, asInt: '1', filteredAttributes: [attribute('note', text)] }],
  }));
  return {
    traces: { resourceSpans: [{ resource, scopeSpans: [{ spans }] }] },
    logs: { resourceLogs: [{ resource, scopeLogs: [{ logRecords }] }] },
    metrics: {
      resourceMetrics: [
        { resource, scopeMetrics: [{ metrics: [{ name: 'planted.points', gauge: { dataPoints } }] }] },
      ],
    },
  };
}
