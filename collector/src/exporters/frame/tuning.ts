import { type BackOffConfig, DEFAULT_BACK_OFF } from './back-off.ts';
import type { LedgerLimits } from './ledger.ts';

/** What nobody needs to configure; tests do. */
export interface Tuning extends LedgerLimits {
  backOff: BackOffConfig;
  /** Most requests to find the items at fault in one batch. */
  maxSplitRequests: number;
  maxRecordsInBatch: number;
  /** Tenants that can have records under way at the same time. */
  maxLanes: number;
  replayIntervalMs: number;
  /** How long requests under way may take once stopping has begun, and again after they were aborted. */
  graceMs: number;
}

export const DEFAULT_TUNING: Readonly<Tuning> = Object.freeze({
  backOff: DEFAULT_BACK_OFF,
  maxSplitRequests: 512,
  maxRecordsInBatch: 1024,
  maxLanes: 1000,
  maxLaneRefs: 4096,
  maxRefs: 65_536,
  minLaneRefs: 64,
  replayIntervalMs: 5000,
  graceMs: 2000,
});
