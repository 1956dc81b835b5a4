import type { Outcome } from './outcome.ts';
import type { Payload } from './payload.ts';

/** The next stage, as the stage before it sees it. Takes over `payload.bytes`: do not touch them afterwards. */
export interface Sink {
  offer(payload: Payload): Promise<Outcome>;
}
