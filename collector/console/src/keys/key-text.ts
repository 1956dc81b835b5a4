import type { ApiKey, ApiKeyLimits, KeysResponse } from '#api/schemas/keys.ts';
import { formatBytes, formatCount } from '../format/number.ts';

type KeyState = ApiKey['state'] | 'rotating';

/** What a key is: `rotating` while the key before it still holds. */
export function keyState({ previousUntil, state }: ApiKey): KeyState {
  return state === 'active' && previousUntil !== null ? 'rotating' : state;
}

/** The limits that hold for a key, in words; what it has none of its own for comes from the configuration. */
export function limitsText(limits: ApiKeyLimits, defaults: KeysResponse['defaults']): string[] {
  const itemsPerSecond = limits.itemsPerSecond ?? defaults.itemsPerSecond;
  const bytesPerSecond = limits.bytesPerSecond ?? defaults.bytesPerSecond;
  const itemsPerDay = limits.itemsPerDay ?? defaults.itemsPerDay;
  const texts = [];
  if (itemsPerSecond > 0) texts.push(`${formatCount(itemsPerSecond)} items/s`);
  if (bytesPerSecond > 0) texts.push(`${formatBytes(bytesPerSecond)}/s`);
  if (itemsPerDay > 0) texts.push(`${formatCount(itemsPerDay)} items a day`);
  return texts.length === 0 ? ['no limit'] : texts;
}

const REASONS: Readonly<Record<string, string>> = {
  items: 'over items/s',
  bytes: 'over bytes/s',
  day: 'over the day',
  failed: 'not accepted',
  missing: 'without a key',
  no_key: 'without a key',
  unknown: 'unknown key',
};

/** Requests that were refused, the most frequent reason first: `12 over items/s`. */
export function refusedTexts(refused: Readonly<Record<string, number>>): string[] {
  return Object.entries(refused)
    .filter(([, count]) => count > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([reason, count]) => `${formatCount(count)} ${REASONS[reason] ?? reason}`);
}

/** What the SDKs of OpenTelemetry read from the environment (Protocol Exporter, OTEL_EXPORTER_OTLP_HEADERS). */
export function headersVariable(key: string): string {
  return `OTEL_EXPORTER_OTLP_HEADERS=x-api-key=${key}`;
}
