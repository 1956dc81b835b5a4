import { type Admission, ANONYMOUS, type Credentials, type Gate, type Sender } from '#core/gate.ts';
import type { KeysConfig } from './config.ts';
import { NO_OWN_LIMITS } from './key-record.ts';
import { type Limits, limitsFor } from './limits.ts';
import type { LiveKey, LiveKeys } from './live-keys.ts';
import type { Meters } from './meters.ts';
import { MISSING, presentedKey, UNKNOWN } from './presented-key.ts';
import type { Reserved, SenderMeter } from './sender-meter.ts';
import { type RefusalReason, secondsLeftInDay } from './usage.ts';
import type { UsageLedger } from './usage-ledger.ts';
import { type Verdict, verifyKey } from './verify-key.ts';

export interface KeyGateDeps {
  keys: LiveKeys;
  usage: UsageLedger;
  meters: Meters;
  /** Milliseconds since 1970 UTC. */
  wallMs(): number;
}

/** Whoever comes back after an hour and is still too early is told so again. */
const MAX_WAIT_SECONDS = 3600;

type Identified =
  | { ok: true; sender: Sender; limits: Limits }
  | { ok: false; id: string; reason: RefusalReason; message: string };

/** Lets in who has a good key, and who has none where none is required, within their limits. */
export function createKeyGate(config: KeysConfig, deps: KeyGateDeps): Gate {
  const { keys, meters, usage, wallMs } = deps;
  const anonymousLimits = limitsFor(NO_OWN_LIMITS, config.anonymous);
  const open = new WeakMap<Sender, { meter: SenderMeter; reserved: Reserved }>();

  function identify(credentials: Credentials): Identified {
    const shown = presentedKey(credentials);
    if (shown.kind === 'no_key') return { ok: false, id: '', reason: 'no_key', message: shown.message };
    if (shown.kind === 'key') return judge(verifyKey(shown.text, keys.find(shown.id), wallMs()), config);
    if (config.required) return { ok: false, id: '', reason: 'missing', message: MISSING };
    return { ok: true, sender: { ...ANONYMOUS }, limits: anonymousLimits };
  }

  function refuse(sender: Sender, { message, reason, seconds }: Excess): Admission {
    usage.refused(sender.keyId, reason);
    const retryAfterSeconds = Math.min(MAX_WAIT_SECONDS, Math.max(1, Math.ceil(seconds)));
    return { kind: 'too_much', sender, message, retryAfterSeconds };
  }

  return {
    admit(credentials, bytes) {
      const found = identify(credentials);
      if (!found.ok) {
        usage.refused(found.id, found.reason);
        return { kind: 'unauthenticated', message: found.message };
      }
      const { limits, sender } = found;
      const meter = meters.of(sender.keyId, limits);
      const excess =
        overDay(limits, usage.itemsToday(sender.keyId), wallMs()) ?? overRate(limits, meter.debt());
      if (excess !== null) return refuse(sender, excess);
      usage.admitted(sender.keyId);
      open.set(sender, { meter, reserved: meter.reserve(bytes) });
      return { kind: 'admitted', sender };
    },
    charge(sender, { bytes, isAccepted, items }) {
      const request = open.get(sender);
      if (request === undefined) return;
      open.delete(sender);
      // What was read and then refused has cost as much as what was accepted.
      request.meter.settle(request.reserved, { items, bytes });
      if (isAccepted) usage.accepted(sender.keyId, { items, bytes });
      else usage.refused(sender.keyId, 'failed');
    },
  };
}

interface Excess {
  reason: 'items' | 'bytes' | 'day';
  message: string;
  seconds: number;
}

function overDay({ itemsPerDay }: Limits, itemsToday: number, nowMs: number): Excess | null {
  if (itemsPerDay === 0 || itemsToday < itemsPerDay) return null;
  const message = `The limit of ${itemsPerDay} items a day is reached; the next day begins at midnight UTC.`;
  return { reason: 'day', message, seconds: secondsLeftInDay(nowMs) };
}

function overRate(
  { bytesPerSecond, itemsPerSecond }: Limits,
  debt: ReturnType<SenderMeter['debt']>,
): Excess | null {
  if (debt === null) return null;
  const { of, seconds } = debt;
  const rate = of === 'items' ? itemsPerSecond : bytesPerSecond;
  return { reason: of, message: `More than the limit of ${rate} ${of} a second.`, seconds };
}

/** The id is told, and what became of the key, only where the whole key was right. */
function judge(verdict: Verdict, config: KeysConfig): Identified {
  if (verdict.kind === 'unknown') return { ok: false, id: '', reason: 'unknown', message: UNKNOWN };
  const { id, tenant } = verdict.key.record;
  if (verdict.kind === 'good') {
    const limits = limitsFor(verdict.key.record.limits, config.limits);
    return { ok: true, sender: { tenant, keyId: id }, limits };
  }
  const at = new Date(verdict.atUnixMs).toISOString();
  const reason = verdict.kind === 'replaced' ? 'revoked' : verdict.kind;
  return { ok: false, id, reason, message: `The API key ${id} ${FATE[verdict.kind](at, verdict.key)}` };
}

const FATE: Record<'revoked' | 'expired' | 'replaced', (at: string, key: LiveKey) => string> = {
  revoked: (at) => `was revoked at ${at}. Make a new one with: npm run keys -- create NAME`,
  expired: (at) => `expired at ${at}. Make a new one with: npm run keys -- create NAME`,
  replaced: (at, { record }) =>
    `was rotated, and its old secret held until ${at}. Use the new one, which ends in ${record.last4}, or rotate again: npm run keys -- rotate ${record.id}`,
};
