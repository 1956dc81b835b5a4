import { createRequire } from 'node:module';
import type { Signal } from '#core/signal.ts';
import type { MessageName } from '../schema.ts';

/** A message as a plain object: lowerCamelCase names, bytes as Uint8Array (decoded: a list of numbers), 64-bit integers as decimal strings. */
export type Plain = Record<string, unknown>;

interface Codec {
  prototype: object;
  fromObject(plain: Plain): unknown;
  encode(message: unknown): { finish(): Uint8Array };
  decode(bytes: Uint8Array): unknown;
  toObject(message: unknown, options: object): Plain;
}

type Package = { v1: Record<string, Codec & Record<string, Codec>> };
interface Root {
  opentelemetry: {
    proto: Record<'common' | 'resource' | 'trace' | 'metrics' | 'logs', Package> & {
      collector: Record<'trace' | 'metrics' | 'logs', Package>;
    };
  };
}

const require = createRequire(import.meta.url);
const { proto } = (require('otlp-reference/build/src/generated/root.js') as Root).opentelemetry;

const NESTED: Partial<Record<MessageName, readonly [string, string]>> = {
  Event: ['Span', 'Event'],
  Link: ['Span', 'Link'],
  Buckets: ['ExponentialHistogramDataPoint', 'Buckets'],
  ValueAtQuantile: ['SummaryDataPoint', 'ValueAtQuantile'],
};
const PACKAGES: readonly Package[] = [
  proto.common,
  proto.resource,
  proto.trace,
  proto.metrics,
  proto.logs,
  proto.collector.trace,
  proto.collector.metrics,
  proto.collector.logs,
];

/** The codec that the OpenTelemetry project generated from the `.proto` files for one message; nothing of ours. */
export function codecOf(name: MessageName): Codec {
  const [outer, inner] = NESTED[name] ?? [name];
  for (const { v1 } of PACKAGES) {
    const codec = v1[outer];
    if (codec !== undefined) return inner === undefined ? codec : codec[inner]!;
  }
  throw new Error(`the reference has no message ${name}`);
}

/** The names of the messages of a package of the reference that are data, not requests. */
export function referenceMessages(): string[] {
  const data = [proto.common, proto.resource, proto.trace, proto.metrics, proto.logs];
  return data.flatMap(({ v1 }) => {
    const all = Object.entries(v1).filter(([, value]) => typeof value === 'function');
    const inner = all.flatMap(([, value]) => Object.entries(value).filter(([, v]) => isCodec(v)));
    return [...all, ...inner].map(([name]) => name);
  });
}

function isCodec(value: unknown): boolean {
  return typeof value === 'function' && 'encode' in value && 'decode' in value;
}

/** The fields of a message by the reference; the getters it has for oneofs are left out. */
export function referenceFields(name: MessageName): string[] {
  const { prototype } = codecOf(name);
  return Object.entries(Object.getOwnPropertyDescriptors(prototype))
    .filter(([, { value }]) => value !== undefined && typeof value !== 'function')
    .map(([field]) => field);
}

export function encodeAs(name: MessageName, plain: Plain): Uint8Array {
  const codec = codecOf(name);
  return codec.encode(codec.fromObject(plain)).finish();
}

/** Decodes with every default filled in; members of oneofs and optional fields only when they are there. */
export function decodeAs(name: MessageName, bytes: Uint8Array): Plain {
  const codec = codecOf(name);
  return codec.toObject(codec.decode(bytes), { longs: String, bytes: Array, defaults: true });
}

export const REQUEST_NAMES: Record<Signal, MessageName> = {
  traces: 'ExportTraceServiceRequest',
  metrics: 'ExportMetricsServiceRequest',
  logs: 'ExportLogsServiceRequest',
};
