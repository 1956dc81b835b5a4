import type { Signal } from '#core/signal.ts';
import type { SendOutcome } from '../frame/destination.ts';

const PROBE_MS = 30_000;

export interface FinalAnswers {
  /** What to answer in the place of sending, after a final answer and until an empty request is taken; null to go on. */
  holdBack(telemetry: Signal, signal: AbortSignal): Promise<SendOutcome | null>;
  /** What becomes of a batch that was answered so. Only one that says nothing of the payload holds the next ones back. */
  conclude(telemetry: Signal, outcome: SendOutcome): SendOutcome;
}

/**
 * Keeps to OTLP 1.11, "Retryable Response Codes": what got a final answer is never sent again by itself. It goes aside,
 * and what comes after it stays in the journal until the destination takes requests, so that an expired token costs one
 * batch for each request in flight, not all that arrives meanwhile.
 */
export function createFinalAnswers(
  isReady: (telemetry: Signal, signal: AbortSignal) => Promise<boolean>,
): FinalAnswers {
  const reasons = new Map<Signal, string>();
  return {
    async holdBack(telemetry, signal) {
      const reason = reasons.get(telemetry);
      if (reason === undefined) return null;
      if (await isReady(telemetry, signal)) {
        reasons.delete(telemetry);
        return null;
      }
      return { kind: 'retry', reason: `${reason}; the rest waits`, afterMs: PROBE_MS };
    },
    conclude(telemetry, outcome) {
      if (outcome.kind !== 'retry' && outcome.kind !== 'suspect') return outcome;
      reasons.set(telemetry, outcome.reason);
      return { kind: 'refused', reason: outcome.reason, isWhole: true };
    },
  };
}
