import { type Field, MESSAGES, type MessageName } from '../schema.ts';
import type { Plain } from './reference.ts';

function scalar(field: Field, value: unknown): unknown {
  if (field.kind === 'id')
    return Buffer.from(value as Uint8Array)
      .toString('hex')
      .toUpperCase();
  if (field.kind === 'bytes') return Buffer.from(value as Uint8Array).toString('base64url');
  if (field.kind === 'double' && !Number.isFinite(value)) return String(value);
  // JSON.stringify would write 0.
  if (field.kind === 'double' && Object.is(value, -0)) return '-0.0';
  return value;
}

/** The OTLP/JSON form of a plain message, for JSON.stringify. */
export function jsonForm(name: MessageName, plain: Plain): Plain {
  const known = new Map(MESSAGES[name].map((field) => [field.name, field]));
  return Object.fromEntries(
    Object.entries(plain).map(([key, value]) => {
      const field = known.get(key)!;
      const one = (each: unknown) =>
        field.kind === 'message' ? jsonForm(field.message!, each as Plain) : scalar(field, each);
      return [key, field.repeated ? (value as unknown[]).map(one) : one(value)];
    }),
  );
}
