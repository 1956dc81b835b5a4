import { systemClock } from '#core/clock.ts';
import { type Gate, OPEN_GATE } from '#core/gate.ts';
import { ACCEPTED, type Outcome } from '#core/outcome.ts';
import type { Payload } from '#core/payload.ts';
import type { Tls } from '#listen/tls.ts';
import { createMemoryLogger } from '#self/memory-logger.fixture.ts';
import { createBodyBudget } from './body-budget.ts';
import { createDeltaWatch } from './delta-watch.ts';
import type { FinishedRequest } from './observer.ts';
import { NO_PROCESSING } from './processing.ts';

export type Answer = Outcome | Promise<Outcome>;

export interface Behind {
  /** What the next stage answers. */
  answer?: (payload: Payload) => Answer;
  gate?: Gate;
  tls?: Tls | null;
  budgetBytes?: number;
}

const MIB = 1024 * 1024;

/**
 * What a receiver is given, and what it did with it: payloads, finished requests, and the lines of warnings. `time` is
 * the clock that these go by, in milliseconds.
 */
export function standBehind({
  answer = () => ACCEPTED,
  budgetBytes = 256 * MIB,
  gate = OPEN_GATE,
  tls = null,
}: Behind = {}) {
  const payloads: Payload[] = [];
  const finished: FinishedRequest[] = [];
  const logger = createMemoryLogger();
  const time = { ms: 0 };
  const clocks = { wallMs: () => time.ms, monotonicMs: () => time.ms };
  const deltaWatch = createDeltaWatch({ logger, clocks });
  const budget = createBodyBudget(budgetBytes, () => performance.now());
  const deps = {
    sink: {
      async offer(payload: Payload) {
        payloads.push(payload);
        return answer(payload);
      },
    },
    clock: systemClock,
    budget,
    gate,
    tls,
    observer: { requestFinished: (request: FinishedRequest) => void finished.push(request) },
    processing: NO_PROCESSING,
    noteDelta: deltaWatch.note,
  };
  return { deps, payloads, finished, lines: logger.lines, time, deltaWatch, budget };
}
