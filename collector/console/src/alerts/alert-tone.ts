export type AlertTone = 'bad' | 'warning' | 'calm';

const BAD = /^(critical|crit|error|fatal|emergency|page|high|major|p1|sev-?1)$/i;
const CALM = /^(info|information|informational|notice|none|debug|low)$/i;

/** How loud a severity is; there is no closed set of them, so what is not known warns. */
export function alertTone(severity: string): AlertTone {
  if (BAD.test(severity)) return 'bad';
  return CALM.test(severity) ? 'calm' : 'warning';
}
