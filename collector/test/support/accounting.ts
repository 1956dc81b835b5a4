import assert from 'node:assert/strict';
import type { AccountingResponse, DestinationAccounting } from '#api/schemas/accounting.ts';
import type { Signalbox } from './start-signalbox.ts';
import { until } from './until.ts';

/** What the program says about where everything is (`GET /api/v1/accounting`). */
export async function readAccounting(signalbox: Signalbox): Promise<AccountingResponse> {
  const response = await signalbox.fetchApi('/api/v1/accounting');
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return JSON.parse(text) as AccountingResponse;
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

export function sumsOf({ destinations }: AccountingResponse, destination: string): DestinationSums {
  const own = destinations.filter((account) => account.destination === destination);
  assert.notEqual(own.length, 0, `no account of ${destination}`);
  const sum = (amount: (typeof AMOUNTS)[number]) =>
    own.reduce((total, account) => total + account[amount], 0);
  return Object.fromEntries(AMOUNTS.map((amount) => [amount, sum(amount)])) as unknown as DestinationSums;
}

/** accepted = delivered + waiting + expired + refused + deadLettered + damaged, for each destination and signal. */
export function assertBalanced(report: AccountingResponse): void {
  assert.equal(report.balanced, true, 'the program says so');
  for (const account of report.destinations) {
    const { accepted, delivered, waiting, expired, refused, deadLettered, damaged } = account;
    const settled = delivered + expired + refused + deadLettered + damaged;
    assert.equal(accepted, settled + waiting, `not balanced: ${describe(account)}`);
    for (const amount of AMOUNTS)
      assert.ok(account[amount] >= 0, `${amount} is negative: ${describe(account)}`);
  }
}

/** Asks until nothing waits for any destination, balanced all the while, and returns that report. */
export async function untilSettled(signalbox: Signalbox, timeoutMs = 60_000): Promise<AccountingResponse> {
  let waiting: DestinationAccounting[] = [];
  const probe = async () => {
    const report = await readAccounting(signalbox);
    assertBalanced(report);
    waiting = report.destinations.filter((account) => account.waiting > 0);
    return waiting.length === 0 ? report : undefined;
  };
  return until('every destination to settle', probe, timeoutMs).catch((error: Error) => {
    error.message += `:\n${waiting.map(describe).join('\n')}`;
    throw error;
  });
}

/** Items that the journals took, of all signals. */
export function acceptedItems({ journals }: AccountingResponse): number {
  return journals.reduce((sum, { accepted }) => sum + accepted, 0);
}

function describe(account: DestinationAccounting): string {
  return JSON.stringify(account);
}
