import type { RecordRef, SourceEvent } from '#core/record.ts';
import { type Lag, takeBack, takeLost } from './lag.ts';
import { enqueueLost, type Lane } from './lane.ts';
import { hold, isFull, type Ledger } from './ledger.ts';
import type { Timing } from './timing.ts';

export interface CatchUpDeps {
  ledger: Ledger;
  keyOf(ref: RecordRef): string;
  timing: Timing;
  stopping: AbortSignal;
}

const READ = 256;

/**
 * Reads for a lane that lags until it is full again, or has met the scanner for all and follows it from there.
 * Answers false when there was nothing to read although the two have not met: try again later. Not to be called
 * while an earlier call reads (`lag.isReading`). Throws what the journal throws; the next call goes on.
 */
export async function catchUp(lane: Lane, deps: CatchUpDeps): Promise<boolean> {
  const { lag } = lane;
  if (lag === null) return true;
  lag.isReading = true;
  try {
    while (lane.lag === lag && !isFull(deps.ledger, lane) && !deps.stopping.aborted) {
      const room = deps.ledger.limits.maxLaneRefs - lane.entries.length;
      lag.scanner ??= deps.ledger.source.scan(lag.position);
      const events = await lag.scanner.read(Math.min(room, READ));
      if (deps.stopping.aborted) break;
      if (!take(lane, lag, { events, deps })) return false;
    }
    return true;
  } finally {
    lag.isReading = false;
  }
}

function take(lane: Lane, lag: Lag, { events, deps }: { events: SourceEvent[]; deps: CatchUpDeps }): boolean {
  const { ledger } = deps;
  for (const event of events) {
    if (lag.position.sequence >= ledger.main.sequence) break;
    if (event.kind === 'gap') {
      lag.lostBy = event.reason;
      lag.position = { sequence: event.next, itemsBefore: event.itemsBefore };
      continue;
    }
    const { ref } = event;
    giveUpBefore(ledger, lane, { segment: ref.segment, next: ref.segment });
    if (ref.tenant === lane.tenant) {
      takeBack(lag, ref);
      hold(ledger, lane, { ref, key: deps.keyOf(ref), nowMs: deps.timing.now() });
    }
    lag.position = { sequence: ref.sequence + 1, itemsBefore: ref.itemsBefore + ref.items };
  }
  if (lag.position.sequence < ledger.main.sequence) return events.length > 0;
  giveUpBefore(ledger, lane, { segment: Number.POSITIVE_INFINITY, next: ledger.main.sequence });
  lane.lag = null;
  void lag.scanner?.close().catch(() => undefined);
  return true;
}

/** What the lane had in segments before `segment` did not come, so it is lost. */
function giveUpBefore(
  ledger: Ledger,
  lane: Lane,
  { segment, next }: { segment: number; next: number },
): void {
  const { lag } = lane;
  const items = lag === null ? 0 : takeLost(lag, segment);
  if (lag === null || items === 0) return;
  enqueueLost(lane, { items, reason: lag.lostBy, next, at: lag.position });
  ledger.heldRefs++;
}
