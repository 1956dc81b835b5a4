/** Sizes that the steps fill in as they go, so that a refused request is described as well. */
export interface Tally {
  /** As they came over the wire. */
  bodyBytes: number;
  payloadBytes: number;
  items: number;
  rejected: number;
  deltaPoints: number;
}

export function emptyTally(): Tally {
  return { bodyBytes: 0, payloadBytes: 0, items: 0, rejected: 0, deltaPoints: 0 };
}
