/** One accepted request as the summary counts it. */
export interface SummedRequest {
  items: number;
  rejected: number;
  /** Body bytes on the wire. */
  bytes: number;
  durationMs: number;
  userAgent: string | null;
}

/** What one line of the log says about all accepted requests of a signal in an interval. */
export interface IngestSummary {
  requests: number;
  items: number;
  rejected: number;
  bytes: number;
  /** Over a random sample of at most 1,024 requests. */
  p50DurationMs: number;
  maxDurationMs: number;
  /** The three most frequent, as `name (requests)`. */
  userAgents: string[];
}

export interface IngestTally {
  add(request: SummedRequest): void;
  /** Empties the tally; null when nothing was added. */
  take(): IngestSummary | null;
}

const MAX_DURATIONS = 1024;
const MAX_USER_AGENTS = 64;
const MAX_USER_AGENT_CHARS = 120;

/** Sums accepted requests up in bounded memory. `random` gives numbers from 0 up to, not including, 1. */
export function createIngestTally(random: () => number): IngestTally {
  let state = empty();

  function sampleDuration(durationMs: number): void {
    if (state.durations.length < MAX_DURATIONS) {
      state.durations.push(durationMs);
      return;
    }
    const index = Math.floor(random() * state.requests);
    if (index < MAX_DURATIONS) state.durations[index] = durationMs;
  }

  return {
    add(request) {
      state.requests++;
      state.items += request.items;
      state.rejected += request.rejected;
      state.bytes += request.bytes;
      state.maxDurationMs = Math.max(state.maxDurationMs, request.durationMs);
      sampleDuration(request.durationMs);
      const name = request.userAgent?.slice(0, MAX_USER_AGENT_CHARS) ?? 'none';
      const known = state.userAgents.has(name) || state.userAgents.size < MAX_USER_AGENTS ? name : 'others';
      state.userAgents.set(known, (state.userAgents.get(known) ?? 0) + 1);
    },
    take() {
      if (state.requests === 0) return null;
      const { durations, userAgents, ...sums } = state;
      state = empty();
      return {
        ...sums,
        p50DurationMs: roundMs(median(durations)),
        maxDurationMs: roundMs(sums.maxDurationMs),
        userAgents: topThree(userAgents),
      };
    },
  };
}

/** Milliseconds with three decimals: enough for a request, and short in a line. */
export function roundMs(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

function empty() {
  return {
    requests: 0,
    items: 0,
    rejected: 0,
    bytes: 0,
    maxDurationMs: 0,
    durations: [] as number[],
    userAgents: new Map<string, number>(),
  };
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

function topThree(counts: ReadonlyMap<string, number>): string[] {
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, 3)
    .map(([name, count]) => `${name} (${count})`);
}
