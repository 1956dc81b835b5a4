import type {
  AccountingReport,
  AccountingWarning,
  DestinationAccount,
  JournalAccount,
} from '#core/accounting.ts';
import type { ProcessorCount } from '#core/processor-count.ts';
import {
  AccountingParams,
  AccountingResponse,
  type DestinationAccounting,
  type JournalAccounting,
  type ProcessorAccounting,
  type WarningAccounting,
} from '../schemas/accounting.ts';
import { ApiError } from '../schemas/common.ts';
import { toRfc3339 } from '../time.ts';
import type { Api, RouteDeps } from './context.ts';

/** `/api/v1/accounting`: where everything is that was accepted, and whether the sums hold. */
export function accountingRoutes(api: Api, { clock, readAccounting }: RouteDeps): void {
  api.get(
    '/api/v1/accounting',
    {
      schema: {
        summary: 'What was accepted, and where it is: delivered, waiting, or why it is neither',
        querystring: AccountingParams,
        response: { 200: AccountingResponse, 400: ApiError },
      },
    },
    async () => {
      const report = await readAccounting();
      return describeReport(report, Number(clock() / 1_000_000n));
    },
  );
}

function describeReport(report: AccountingReport, nowMs: number): AccountingResponse {
  const destinations = report.destinations.map(describeDestination);
  return {
    at: toRfc3339(nowMs),
    balanced: destinations.every(({ balanced }) => balanced),
    journals: report.journals.map(describeJournal),
    destinations,
    warnings: report.warnings.map(describeWarning),
    processors: describeDropped(report.processors),
  };
}

function describeDestination(account: DestinationAccount): DestinationAccounting {
  const { nextAttemptUnixMs, oldestWaitingUnixMs, ...same } = account;
  return {
    ...same,
    balanced: isBalanced(account),
    oldestWaitingAt: timeOrNull(oldestWaitingUnixMs),
    nextAttemptAt: timeOrNull(nextAttemptUnixMs),
  };
}

function describeJournal({ oldestUnixMs, ...same }: JournalAccount): JournalAccounting {
  return { ...same, oldestAt: timeOrNull(oldestUnixMs) };
}

function describeWarning({ lastUnixMs, ...same }: AccountingWarning): WarningAccounting {
  return { ...same, lastAt: toRfc3339(lastUnixMs) };
}

/** What services lost to a rule, added up. */
function describeDropped(counts: readonly ProcessorCount[]): ProcessorAccounting[] {
  const dropped = new Map<string, ProcessorAccounting>();
  for (const { action, count, processor, rule, signal } of counts) {
    if (action !== 'dropped') continue;
    const key = [processor, signal, rule].join('\n');
    const entry = dropped.get(key) ?? { processor, signal, reason: rule, items: 0 };
    entry.items += count;
    dropped.set(key, entry);
  }
  return [...dropped.values()];
}

function isBalanced(account: DestinationAccount): boolean {
  const { accepted, damaged, deadLettered, delivered, expired, refused, waiting } = account;
  return accepted === delivered + waiting + expired + refused + deadLettered + damaged;
}

function timeOrNull(unixMs: number | null): string | null {
  return unixMs === null ? null : toRfc3339(unixMs);
}
