import type { AccountingReport } from '#core/accounting.ts';
import type { KeysReport } from '#keys/open-keys.ts';
import type { CheckResult } from '#self/health.ts';
import type { Store } from '#store/store.ts';

/** A journal that cannot be written refuses its senders with 503, so who sends should know it is not ready. */
export function checkJournals({ journals }: AccountingReport): CheckResult {
  const failing = journals.filter(({ failure }) => failure !== null);
  if (failing.length === 0) return { status: 'pass' };
  const told = failing.map(({ failure, signal }) => `${signal}: ${failure}`).join('; ');
  return { status: 'fail', message: `the journal cannot be written: ${told}` };
}

export async function checkStore(store: Store): Promise<CheckResult> {
  await store.read('SELECT 1', {});
  return { status: 'pass' };
}

/** What the store cannot write waits in the journals, so senders need not stay away. */
export function checkWrites(failure: string | null): CheckResult {
  return failure === null
    ? { status: 'pass' }
    : { status: 'warn', message: `the last commit failed: ${failure}` };
}

/** Senders go on with the keys that were known before; no change to them is seen. */
export function checkKeys({ failure }: KeysReport): CheckResult {
  return failure === null ? { status: 'pass' } : { status: 'warn', message: failure };
}

export function checkReceiver(url: string | null): CheckResult {
  return url === null
    ? { status: 'fail', message: 'the receiver does not listen yet' }
    : { status: 'pass', observedValue: url };
}
