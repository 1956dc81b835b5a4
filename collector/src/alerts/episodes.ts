import type { Alert, BoundNotice } from './alert.ts';

/** What came of a notice: `late` when more is known already, so that it changes nothing. */
export type Verdict = 'taken' | 'late';

/** For so long after an end was told, a notice that the same still fires may only have been overtaken on its way. */
const OVERTAKEN_NANO = 5_000_000_000n;

/** What is known of one fingerprint: its episodes by start, at most the last of which fires. */
export type Episodes = readonly Alert[];

/**
 * The episodes after a notice that came at `nowNano`; the README of this folder has the rules. The same array when
 * the notice is late.
 */
export function applyNotice(episodes: Episodes, notice: BoundNotice, nowNano: bigint): Episodes {
  const last = episodes.at(-1);
  if (last === undefined) return [begin(notice, nowNano)];
  const older = episodes.slice(0, -1);
  if (notice.startsUnixNano > last.startsUnixNano) {
    return [...older, endBefore(last, notice), begin(notice, nowNano)];
  }
  const isOfOlder = older.some(({ startsUnixNano }) => startsUnixNano === notice.startsUnixNano);
  if (isOfOlder || isLate(last, notice, nowNano)) return episodes;
  return [...older, renew(last, notice, nowNano)];
}

function isLate(last: Alert, notice: BoundNotice, nowNano: bigint): boolean {
  if (notice.state === 'firing') {
    const sinceNano = nowNano - last.lastNotifiedUnixNano;
    return last.state === 'resolved' && sinceNano >= 0n && sinceNano < OVERTAKEN_NANO;
  }
  // An end before the last episode began is the end of one before it.
  return (
    notice.startsUnixNano < last.startsUnixNano &&
    (last.state === 'resolved' || (notice.endsUnixNano ?? nowNano) < last.startsUnixNano)
  );
}

function begin(notice: BoundNotice, nowNano: bigint): Alert {
  return {
    ...notice,
    endsUnixNano: endOf(notice, notice.startsUnixNano, nowNano),
    firstNotifiedUnixNano: nowNano,
    lastNotifiedUnixNano: nowNano,
    notifications: 1,
  };
}

/** Its start stays: a second Prometheus may have seen the same begin a little earlier. */
function renew(alert: Alert, notice: BoundNotice, nowNano: bigint): Alert {
  return {
    ...notice,
    startsUnixNano: alert.startsUnixNano,
    endsUnixNano: endOf(notice, alert.startsUnixNano, nowNano),
    firstNotifiedUnixNano: alert.firstNotifiedUnixNano,
    lastNotifiedUnixNano: nowNano,
    notifications: alert.notifications + 1,
  };
}

/** The end of the one before was never told, and there is only one at a time. */
function endBefore(alert: Alert, next: BoundNotice): Alert {
  return alert.state === 'resolved'
    ? alert
    : { ...alert, state: 'resolved', endsUnixNano: next.startsUnixNano };
}

function endOf(notice: BoundNotice, startsUnixNano: bigint, nowNano: bigint): bigint | null {
  if (notice.state === 'firing') return null;
  const ends = notice.endsUnixNano ?? nowNano;
  return ends < startsUnixNano ? startsUnixNano : ends;
}
