import assert from 'node:assert/strict';
import type { AccountingReport, DestinationAccount } from '#core/accounting.ts';
import type { Signalbox } from './start-signalbox.ts';
import { until } from './until.ts';

/** What the program says about where everything is (`GET /api/v1/accounting`). */
export async function readAccounting(signalbox: Signalbox): Promise<AccountingReport> {
  const response = await signalbox.fetchApi('/api/v1/accounting');
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return JSON.parse(text) as AccountingReport;
}

/** The account of one destination, all signals added up. */
export interface DestinationSums {
  accepted: number;
  delivered: number;
  waiting: number;
  expired: number;
  refused: number;
  deadLettered: number;
  damaged: number;
}

const AMOUNTS = [
  'accepted',
  'delivered',
  'waiting',
  'expired',
  'refused',
  'deadLettered',
  'damaged',
] as const;

export function sumsOf({ destinations }: AccountingReport, destination: string): DestinationSums {
  const own = destinations.filter((account) => account.destination === destination);
  assert.notEqual(own.length, 0, `no account of ${destination}`);
  const sum = (amount: (typeof AMOUNTS)[number]) =>
    own.reduce((total, account) => total + account[amount], 0);
  return Object.fromEntries(AMOUNTS.map((amount) => [amount, sum(amount)])) as unknown as DestinationSums;
}

/** accepted = delivered + waiting + expired + refused + deadLettered + damaged, for each destination and signal. */
export function assertBalanced(report: AccountingReport): void {
  for (const account of report.destinations) {
    const { accepted, delivered, waiting, expired, refused, deadLettered, damaged } = account;
    const settled = delivered + expired + refused + deadLettered + damaged;
    assert.equal(accepted, settled + waiting, `not balanced: ${describe(account)}`);
    for (const amount of AMOUNTS)
      assert.ok(account[amount] >= 0, `${amount} is negative: ${describe(account)}`);
  }
}

/** Asks until nothing waits for any destination, balanced all the while, and returns that report. */
export function untilSettled(signalbox: Signalbox, timeoutMs = 60_000): Promise<AccountingReport> {
  const probe = async () => {
    const report = await readAccounting(signalbox);
    assertBalanced(report);
    return report.destinations.every(({ waiting }) => waiting === 0) ? report : undefined;
  };
  return until('every destination to settle what waits', probe, timeoutMs);
}

function describe(account: DestinationAccount): string {
  return JSON.stringify(account);
}
