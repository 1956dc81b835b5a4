import type { SettledCounts } from '#core/progress.ts';
import type { RecordRef, RecordScanner, SourceEvent } from '#core/record.ts';
import { closeGaps, dispatch, type Ledger, passGap } from './ledger.ts';
import type { Observe } from './observer.ts';
import type { Timing } from './timing.ts';
import type { Wake } from './wake.ts';

export interface ScanLoopDeps {
  ledger: Ledger;
  maxLanes: number;
  keyOf(ref: RecordRef): string;
  /** Called when there may be more to read or more room. */
  wake: Wake;
  timing: Timing;
  observe: Observe;
  stopping: AbortSignal;
  onLost(counts: SettledCounts): void;
  onRead(): void;
}

const READ = 512;
const AGAIN_MS = 1000;

/** Reads the journal for all lanes, up to its end and then as it grows, until it is stopped. */
export async function runScanLoop(deps: ScanLoopDeps): Promise<void> {
  const { ledger, stopping, timing } = deps;
  let scanner: RecordScanner | null = null;
  while (!stopping.aborted) {
    try {
      scanner ??= ledger.source.scan(ledger.main);
      const events = mustHold(deps) ? [] : await scanner.read(readSize(ledger));
      if (stopping.aborted) break;
      take(events, deps);
      if (events.length === 0) await deps.wake.wait();
    } catch (error) {
      deps.observe({ kind: 'fault', error });
      await scanner?.close().catch(() => undefined);
      scanner = null;
      await timing.sleep(AGAIN_MS, stopping);
    }
  }
  await scanner?.close().catch(() => undefined);
}

function readSize({ limits }: Ledger): number {
  return Math.min(READ, Math.ceil(limits.maxLaneRefs / 2));
}

/**
 * With more tenants than lanes, whoever comes next has to wait. A single tenant that is only slow is not passed
 * by either: nobody waits behind it, and its records would be read twice.
 */
function mustHold({ ledger, maxLanes }: ScanLoopDeps): boolean {
  const { lanes, limits } = ledger;
  if (lanes.size >= maxLanes) return true;
  if (lanes.size !== 1) return false;
  const [lane] = lanes.values();
  return (
    lane!.lag === null && lane!.retrying === 0 && lane!.entries.length + readSize(ledger) > limits.maxLaneRefs
  );
}

function take(events: readonly SourceEvent[], deps: ScanLoopDeps): void {
  const { ledger } = deps;
  for (const event of events) {
    if (event.kind === 'gap') passGap(ledger, event);
    else dispatch(ledger, event.ref, { key: deps.keyOf(event.ref), nowMs: deps.timing.now() });
    const lost = closeGaps(ledger);
    if (lost !== null) deps.onLost(lost);
  }
  if (events.length > 0) deps.onRead();
}
