import type { Progress } from '#core/progress.ts';
import type { SendOutcome } from './destination.ts';
import { loadPart } from './load-part.ts';
import type { Job, SenderDeps } from './sender.ts';
import { decide, itemsOf, type Part, type Unit } from './unit.ts';

type Delivered = Extract<SendOutcome, { kind: 'delivered' }>;
/** `conclude` counts what was delivered, once it is confirmed. */
export type Taken = Delivered & { confirmation: Promise<boolean>; conclude(): void };
type Attempt = SendOutcome | Taken | { kind: 'nothing' };

/** One request, and what came of it. What was delivered is counted, unless it has to be confirmed first. Never rejects. */
export function createAttempt(deps: SenderDeps): (part: Part, job: Job) => Promise<Attempt> {
  const { aborting, destination, observe, status, stopping } = deps;

  async function attempt(part: Part, job: Job): Promise<Attempt> {
    if (stopping.aborted) return { kind: 'nothing' };
    status.sending++;
    try {
      const loaded = await loadPart(part, job.isReplay).catch((error: unknown) => messageOf(error));
      if (typeof loaded === 'string') {
        return { kind: 'retry', reason: `the payload cannot be read for now: ${loaded}`, afterMs: null };
      }
      if (loaded === null || loaded.units.length < part.units.length) job.onDecided(null);
      if (loaded === null) return { kind: 'nothing' };
      const isWhole = part.range === null && destination.isTransactional;
      const progressAfter = isWhole ? job.progressAfter(loaded.units) : null;
      const outcome = await destination.send(loaded.batch, { signal: aborting, progressAfter });
      observe({ kind: 'attempted', result: outcome.kind, items: loaded.batch.items });
      if (outcome.kind !== 'delivered') return outcome;
      // Now, not when it is confirmed: what was taken before an outage proves nothing about what fails in it.
      status.deliveries++;
      status.lastError = null;
      // Not `loaded`, which would keep the payloads until it is confirmed.
      const { units } = loaded;
      const conclude = () => deliver({ units, part, job, outcome, progressAfter });
      const { confirmation } = outcome;
      if (confirmation !== undefined) return { ...outcome, confirmation, conclude };
      conclude();
      return outcome;
    } catch (error) {
      if (!aborting.aborted) observe({ kind: 'fault', error });
      return { kind: 'suspect', reason: `failed to send: ${messageOf(error)}` };
    } finally {
      status.sending--;
    }
  }

  function deliver({ units, part, job, outcome, progressAfter }: Delivery): void {
    const refused = tallyDelivered(units, part, outcome.refusedItems);
    job.onDecided(outcome.progressSaved === true && refused === 0 ? progressAfter : null);
    const { adjusted, message } = outcome;
    if (adjusted !== undefined) observe({ kind: 'adjusted', ...adjusted });
    if (refused > 0 || message !== '')
      observe({ kind: 'partly_refused', tenant: job.tenant, items: refused, message });
  }

  return attempt;
}

interface Delivery {
  units: readonly Unit[];
  part: Part;
  job: Job;
  outcome: Delivered;
  progressAfter: Progress | null;
}

/** Which items were left out is not told: the count goes to the first units that can have had them. */
function tallyDelivered(units: readonly Unit[], { range }: Part, refusedItems: number): number {
  let left = refusedItems;
  let refused = 0;
  for (const unit of units) {
    const items = itemsOf(unit, range);
    const here = Math.max(0, Math.min(items, left));
    decide(unit, { delivered: items - here, refused: here });
    left -= here;
    refused += here;
  }
  return refused;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
