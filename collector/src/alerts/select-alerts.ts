import { type Alert, type AlertState, describeAlert } from './alert.ts';

/** Where an alert stands in a list: firing ones first, the newest start first. */
export interface AlertPlace {
  state: AlertState;
  startsUnixNano: bigint;
  fingerprint: string;
}

export interface AlertRequest {
  state: AlertState | null;
  /** As the label says, case ignored; null for all. */
  severity: string | null;
  /** Each must be in a label or annotation, written `name=value`; case ignored. */
  words: readonly string[];
  limit: number;
  /** The last of the page before. */
  after: AlertPlace | null;
}

/** A page of the alerts that meet the request, and whether there are more behind it. */
export function selectAlerts(
  alerts: readonly Alert[],
  request: AlertRequest,
): { alerts: Alert[]; hasMore: boolean } {
  const { after, limit } = request;
  const found = alerts
    .filter((alert) => meets(alert, request))
    .filter((alert) => after === null || byPlace(alert, after) > 0)
    .sort(byPlace);
  return { alerts: found.slice(0, limit), hasMore: found.length > limit };
}

function byPlace(a: AlertPlace, b: AlertPlace): number {
  if (a.state !== b.state) return a.state === 'firing' ? -1 : 1;
  if (a.startsUnixNano !== b.startsUnixNano) return a.startsUnixNano > b.startsUnixNano ? -1 : 1;
  return a.fingerprint < b.fingerprint ? -1 : a.fingerprint > b.fingerprint ? 1 : 0;
}

function meets(alert: Alert, { severity, state, words }: AlertRequest): boolean {
  if (state !== null && alert.state !== state) return false;
  if (severity !== null && describeAlert(alert).severity.toLowerCase() !== severity.toLowerCase())
    return false;
  if (words.length === 0) return true;
  const text = [...Object.entries(alert.labels), ...Object.entries(alert.annotations)]
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')
    .toLowerCase();
  return words.every((word) => text.includes(word.toLowerCase()));
}
