import type { AlertsResponse } from '#api/schemas/alerts.ts';
import { formatAge } from '../format/duration.ts';
import { countOf } from '../format/number.ts';
import { nanoToMs } from '../format/time.ts';

export interface AlertsVerdict {
  /** `well`: nothing fires, and it would be known; `quiet`: nothing shows whether it would; `doubt`: it may not. */
  kind: 'firing' | 'well' | 'quiet' | 'doubt';
  text: string;
  detail: string;
}

/** The page in one line. Silence alone is no good news: the Watchdog says whether alerts would get here. */
export function alertsVerdict(
  { counts, watchdog }: Pick<AlertsResponse, 'counts' | 'watchdog'>,
  nowMs: number,
): AlertsVerdict {
  const path = pathOf(watchdog, nowMs);
  if (counts.firing > 0) {
    const text = `${countOf(counts.firing, 'alert')} ${counts.firing === 1 ? 'is' : 'are'} firing`;
    return { kind: 'firing', text, detail: path.detail };
  }
  const text = path.kind === 'well' ? 'Nothing is firing' : 'Nothing is firing, as far as is known here';
  return { ...path, text };
}

function pathOf(watchdog: AlertsResponse['watchdog'], nowMs: number): Pick<AlertsVerdict, 'kind' | 'detail'> {
  if (watchdog === null) {
    return { kind: 'quiet', detail: 'no Watchdog was ever heard, so nothing shows that alerts get here' };
  }
  const age = formatAge(nowMs - nanoToMs(watchdog.lastNotifiedUnixNano)).replace(/^now$/, 'just now');
  if (watchdog.isHeard) return { kind: 'well', detail: `the Watchdog was heard ${age}: alerts get here` };
  const what =
    watchdog.state === 'firing' ? 'the Watchdog was last heard' : 'the Watchdog was told to be over';
  return { kind: 'doubt', detail: `${what} ${age}: alerts may not get here` };
}
