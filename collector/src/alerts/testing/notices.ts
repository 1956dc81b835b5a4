import type { Alert, BoundNotice } from '../alert.ts';

export const SECOND = 1_000_000_000n;
/** 2026-01-31T10:00:00Z */
export const TEN = 1_769_853_600n * SECOND;

/** A notice; `starts` and `ends` are seconds after ten. */
export function notice(
  state: 'firing' | 'resolved',
  at: { starts?: number; ends?: number | null; fingerprint?: string; labels?: Record<string, string> } = {},
): BoundNotice {
  const { ends = null, fingerprint = 'f1', labels = {}, starts = 0 } = at;
  return {
    fingerprint,
    state,
    labels: { alertname: 'HighErrorRate', severity: 'critical', ...labels },
    annotations: { summary: 'too many errors' },
    startsUnixNano: TEN + BigInt(starts) * SECOND,
    endsUnixNano: ends === null ? null : TEN + BigInt(ends) * SECOND,
    generatorUrl: 'http://prometheus:9090/graph',
    isCut: false,
  };
}

/** `firing 0-` and `resolved 0-60`: state, start and end in seconds after ten. */
export function brief({ endsUnixNano, startsUnixNano, state }: Alert): string {
  const seconds = (nano: bigint) => Number((nano - TEN) / SECOND);
  return `${state} ${seconds(startsUnixNano)}-${endsUnixNano === null ? '' : seconds(endsUnixNano)}`;
}
