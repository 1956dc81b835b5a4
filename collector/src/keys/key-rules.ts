import { KeyError } from './key-error.ts';

// What Loki, Tempo and Mimir all take as a tenant ID ("Tenant IDs"): neither "." nor "..", nor the `|` between several.
const TENANT = /^(?!\.{1,2}$)[\w.-]{1,64}$/;
const NAME = /^[^\p{Cc}\p{Cs}]{1,100}$/u;
/** Ten years; what is to hold longer does not expire. */
const MAX_EXPIRY_MS = 10 * 366 * 86_400_000;
const MAX_GRACE_MS = 30 * 86_400_000;

/** Each of these throws KeyError `invalid`. */
export function checkName(name: string): void {
  if (NAME.test(name) && name.trim() === name) return;
  throw new KeyError('invalid', 'A key has a name of 1 to 100 characters, without spaces around it.', 'name');
}

export function checkTenant(tenant: string): void {
  if (tenant === '' || TENANT.test(tenant)) return;
  throw new KeyError(
    'invalid',
    'A tenant has 1 to 64 letters, digits, points, dashes and underscores; leave it out for the default tenant.',
    'tenant',
  );
}

export function checkExpiry(expiresUnixMs: number | null, nowMs: number): void {
  if (expiresUnixMs === null) return;
  const inMs = expiresUnixMs - nowMs;
  if (inMs > 0 && inMs <= MAX_EXPIRY_MS) return;
  throw new KeyError('invalid', 'A key expires in the future, within ten years, or never.', 'expires');
}

export function checkGrace(graceMs: number): void {
  if (graceMs >= 0 && graceMs <= MAX_GRACE_MS) return;
  throw new KeyError('invalid', 'The old key may hold for 30 days at most, beside the new one.', 'grace');
}
