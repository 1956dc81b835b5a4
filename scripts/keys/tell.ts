import type { MadeKey } from '#keys/key-book.ts';
import { isDead, type KeyRecord } from '#keys/key-record.ts';
import { noUsage, type SenderUsage } from '#keys/usage.ts';
import { shortAmount } from './amounts.ts';

const HEAD = ['ID', 'NAME', 'TENANT', 'STATE', 'LIMITS', 'LAST USED', 'ITEMS TODAY', 'ITEMS', 'REFUSED'];

/** A key that was just made, and where it goes. */
export function tellKey({ key, record }: MadeKey): string {
  const { expiresUnixMs, id, name, previous, tenant } = record;
  const facts = [
    tenant === '' ? 'default tenant' : `tenant ${tenant}`,
    expiresUnixMs === null ? 'does not expire' : `expires ${day(expiresUnixMs)}`,
    ...(previous === null ? [] : [`the old key holds until ${minute(previous.untilUnixMs)}`]),
  ];
  return `Key ${id} for ${name}: ${facts.join(', ')}. It is shown this once, and holds within a second:

  ${key}

Set it where the app runs; this is for OTLP over HTTP and over gRPC alike:

  OTEL_EXPORTER_OTLP_HEADERS="x-api-key=${key}"

or, for an app that can only send it so (%20 is a space there):

  OTEL_EXPORTER_OTLP_HEADERS="authorization=Bearer%20${key}"
`;
}

/** Without hashes. */
export function describeForJson(record: KeyRecord, usage: SenderUsage | undefined) {
  const { createdBy, id, last4, limits, name, previous, tenant } = record;
  return {
    id,
    name,
    tenant,
    last4,
    state: stateOf(record),
    createdAt: iso(record.createdUnixMs),
    createdBy,
    issuedAt: iso(record.issuedUnixMs),
    expiresAt: iso(record.expiresUnixMs),
    revokedAt: iso(record.revokedUnixMs),
    previousUntil: iso(previous?.untilUnixMs ?? null),
    limits,
    usage: usage ?? null,
  };
}

/** One line a key, below a head. */
export function tellKeys(keys: readonly KeyRecord[], usage: ReadonlyMap<string, SenderUsage>): string {
  const rows = keys.map((key) => rowOf(key, usage.get(key.id)));
  const widths = HEAD.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]!.length)),
  );
  return [HEAD, ...rows]
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column]!))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

function rowOf(key: KeyRecord, used: SenderUsage = noUsage(0)): string[] {
  const isToday = used.day === Math.floor(Date.now() / 86_400_000);
  const refused = Object.values(used.total.refused).reduce((sum, count) => sum + count, 0);
  return [
    key.id,
    key.name,
    key.tenant || '-',
    stateOf(key),
    limitsOf(key),
    used.lastUsedUnixMs === null ? 'never' : minute(used.lastUsedUnixMs),
    String(isToday ? used.today.items : 0),
    String(used.total.items),
    String(refused),
  ];
}

function stateOf(key: KeyRecord): string {
  if (key.revokedUnixMs !== null) return 'revoked';
  return isDead(key, Date.now()) ? 'expired' : 'active';
}

function limitsOf({ limits }: KeyRecord): string {
  const told = [
    [limits.itemsPerSecond, 'items/s'],
    [limits.bytesPerSecond, 'bytes/s'],
    [limits.itemsPerDay, 'items/day'],
  ] as const;
  const own = told.flatMap(([amount, unit]) => {
    if (amount === null) return [];
    return [amount === 0 ? `any ${unit}` : `${shortAmount(amount)} ${unit}`];
  });
  return own.length === 0 ? 'as configured' : own.join(', ');
}

const iso = (unixMs: number | null) => (unixMs === null ? null : new Date(unixMs).toISOString());
const day = (unixMs: number) => new Date(unixMs).toISOString().slice(0, 10);
const minute = (unixMs: number) => `${new Date(unixMs).toISOString().slice(0, 16)}Z`;
