import type { ProcessorCount } from '#api/schemas/processors.ts';

/** One e-mail address in a log of `shop`, unless said otherwise. */
export function counted(changes: Partial<ProcessorCount> = {}): ProcessorCount {
  return {
    processor: 'redact',
    rule: 'email',
    action: 'redacted',
    signal: 'logs',
    service: 'shop',
    count: 1,
    lastAt: '2026-01-31T10:00:00.000Z',
    ...changes,
  };
}
