import type { ApiKey } from '#api/schemas/keys.ts';

const noTally = { requests: 0, items: 0, bytes: 0, refused: {} };

/** A key that was never used, with no limits of its own. */
export function apiKey(changes: Partial<ApiKey> = {}): ApiKey {
  return {
    id: 'k1',
    name: 'shop',
    tenant: '',
    last4: 'wxyz',
    state: 'active',
    createdAt: '2026-01-31T10:11:12.000Z',
    createdBy: 'ada',
    issuedAt: '2026-01-31T10:11:12.000Z',
    expiresAt: null,
    revokedAt: null,
    previousUntil: null,
    limits: { itemsPerSecond: null, bytesPerSecond: null, burstSeconds: null, itemsPerDay: null },
    usage: { lastUsedAt: null, today: noTally, total: noTally },
    ...changes,
  };
}
