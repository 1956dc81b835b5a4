/**
 * Grafana's own variables for times, and a duration to stand for each, so that a query with them can be parsed.
 * The numbers are odd enough to be told from a duration that somebody wrote.
 */
const STAND_INS: Readonly<Record<string, string>> = {
  rate_interval: '70001s',
  range: '70002s',
  interval: '70003s',
  auto: '70004s',
};

const TIME_VARIABLE = /\$\{?__(\w+)\}?/g;

/** The query with a duration for each of Grafana's time variables; others stay. */
export function fillDurations(query: string, durations: Readonly<Record<string, string>>): string {
  return query.replaceAll(TIME_VARIABLE, (whole, name: string) => durations[name] ?? whole);
}

/** The query with stand-ins for Grafana's time variables. */
export function withStandIns(query: string): string {
  return fillDurations(query, STAND_INS);
}

/** The variable a stand-in is for, as in `$__range`, or the duration itself. */
export function readDuration(text: string): string {
  const found = Object.entries(STAND_INS).find(([, duration]) => duration === text);
  return found === undefined ? text : `$__${found[0]}`;
}
