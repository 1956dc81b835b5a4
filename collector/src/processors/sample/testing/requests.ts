import assert from 'node:assert/strict';
import { Ajv } from 'ajv';
import type { Signal } from '#core/signal.ts';
import { checkRequest } from '#otlp/check.ts';
import { rewrite } from '#otlp/rewrite.ts';
import { decodeAs, encodeAs, type Plain, REQUEST_NAMES } from '#otlp/testing/reference.ts';
import { type SampleConfig, sampleSchema } from '../config.ts';
import type { Select } from '../select.ts';
import type { Selection } from '../selection.ts';

const ajv = new Ajv({ allErrors: true, useDefaults: true, strict: false });
const validate = ajv.compile(sampleSchema);

/** The section as the program gets it, with its defaults. */
export function configOf(section: object): SampleConfig {
  const value = structuredClone(section);
  assert.ok(validate(value), ajv.errorsText(validate.errors));
  return value as SampleConfig;
}

/** Whether the schema takes a section. */
export function isValid(section: object): boolean {
  return validate(structuredClone(section));
}

export type Scalars = Record<string, string | number | boolean>;

const anyValue = (value: string | number | boolean): Plain => {
  if (typeof value === 'string') return { stringValue: value };
  return typeof value === 'boolean' ? { boolValue: value } : { intValue: String(value) };
};

export const attributesOf = (scalars: Scalars): Plain[] =>
  Object.entries(scalars).map(([key, value]) => ({ key, value: anyValue(value) }));

export interface SpanSketch {
  trace?: string;
  id?: string;
  parent?: string;
  state?: string;
  name?: string;
  kind?: number;
  status?: number;
  ms?: number;
  attributes?: Scalars;
}

const START_NS = 1_790_000_000_000_000_000n;
const hex = (text: string, digits: number) => Buffer.from(text.padStart(digits, '0'), 'hex');

export function span({ attributes = {}, id = 'a', ms = 1, trace = '1', ...rest }: SpanSketch): Plain {
  return {
    traceId: hex(trace, 32),
    spanId: hex(id, 16),
    ...(rest.state === undefined ? {} : { traceState: rest.state }),
    ...(rest.parent === undefined ? {} : { parentSpanId: hex(rest.parent, 16) }),
    name: rest.name ?? 'span',
    kind: rest.kind ?? 1,
    startTimeUnixNano: String(START_NS),
    endTimeUnixNano: String(START_NS + BigInt(Math.round(ms * 1e6))),
    attributes: attributesOf(attributes),
    ...(rest.status === undefined ? {} : { status: { code: rest.status } }),
  };
}

export interface RecordSketch {
  trace?: string;
  severity?: number;
  text?: string;
  attributes?: Scalars;
}

export function record({ attributes = {}, severity, text = 'text', trace }: RecordSketch): Plain {
  return {
    body: { stringValue: text },
    ...(severity === undefined ? {} : { severityNumber: severity }),
    ...(trace === undefined ? {} : { traceId: hex(trace, 32) }),
    attributes: attributesOf(attributes),
  };
}

const resourceOf = (service: string | null, attributes: Scalars = {}): Plain => ({
  attributes: attributesOf({ ...(service === null ? {} : { 'service.name': service }), ...attributes }),
});

/** One resource with one scope of spans for each service. */
export function traces(services: Record<string, Plain[]>): Plain {
  return {
    resourceSpans: Object.entries(services).map(([service, spans]) => ({
      resource: resourceOf(service),
      scopeSpans: [{ scope: { name: 'scope' }, spans }],
    })),
  };
}

export function logs(services: Record<string, Plain[]>, attributes: Scalars = {}): Plain {
  return {
    resourceLogs: Object.entries(services).map(([service, logRecords]) => ({
      resource: resourceOf(service, attributes),
      scopeLogs: [{ scope: { name: 'scope' }, logRecords }],
    })),
  };
}

export function metrics(services: Record<string, Plain[]>): Plain {
  return {
    resourceMetrics: Object.entries(services).map(([service, list]) => ({
      resource: resourceOf(service),
      scopeMetrics: [{ scope: { name: 'scope' }, metrics: list }],
    })),
  };
}

export const gauge = (name: string, points: Scalars[]): Plain => ({
  name,
  gauge: { dataPoints: points.map((attributes) => ({ asDouble: 1, attributes: attributesOf(attributes) })) },
});

/** What a request becomes: decoded by the reference, after our own check of the bytes. */
export function apply(select: Select, signal: Signal, request: Plain): { selection: Selection; left: Plain } {
  const bytes = encodeAs(REQUEST_NAMES[signal], request);
  const selection = select.select(signal, bytes);
  const rewritten = rewrite(bytes, selection.edits);
  const checked = checkRequest(signal, rewritten);
  assert.ok(checked.ok, checked.ok ? '' : checked.message);
  assert.equal(checked.rejected, 0);
  assert.equal(checked.items, selection.kept);
  return { selection, left: decodeAs(REQUEST_NAMES[signal], rewritten) };
}

const list = (plain: Plain, name: string) => (plain[name] ?? []) as Plain[];

/** All items of a decoded request in their order; of metrics the metrics. */
export function itemsOf(request: Plain): Plain[] {
  const kinds = [
    ['resourceSpans', 'scopeSpans', 'spans'],
    ['resourceLogs', 'scopeLogs', 'logRecords'],
    ['resourceMetrics', 'scopeMetrics', 'metrics'],
  ] as const;
  return kinds.flatMap(([resources, scopes, items]) =>
    list(request, resources).flatMap((each) => list(each, scopes).flatMap((scope) => list(scope, items))),
  );
}

export const names = (request: Plain) => itemsOf(request).map(({ name }) => name as string);
export const states = (request: Plain) => itemsOf(request).map(({ traceState }) => traceState as string);
export const texts = (request: Plain) =>
  itemsOf(request).map(({ body }) => (body as { stringValue: string }).stringValue);

/** The text of an attribute of a decoded item. */
export function attributeOf(item: Plain, key: string): string | undefined {
  const found = list(item, 'attributes').filter((each) => each.key === key);
  assert.ok(found.length <= 1, `${key} is there ${found.length} times`);
  return (found[0]?.value as { stringValue?: string } | undefined)?.stringValue;
}

/** A generator of numbers of [0, 1) that gives the same again (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
