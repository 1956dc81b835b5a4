import type { ClassicVariable } from '../classic.ts';
import type { BoardQuery, Language } from './board-queries.ts';
import { fillDurations } from './durations.ts';

/** The scrape interval that the data source in provisioning/datasources/signalbox.yaml names, in seconds. */
const SCRAPE_SECONDS = 15;
/** A panel of usual width asks for no more points than it has pixels. */
const POINTS = 600;
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };
const VARIABLE = /\$\{(\w+)\}|\$(\w+)/g;

/** A variable and what is chosen; null is All. */
export interface ChosenVariable {
  variable: ClassicVariable;
  values: readonly string[] | null;
}

/** A query with everything filled in, as Grafana would send it, and its step in seconds. */
export interface SentQuery {
  text: string;
  stepSeconds: number;
}

/**
 * Fills in variables and times as Grafana does: several values become an expression, escaped for the language;
 * All becomes the variable's own expression as it is; `$__rate_interval` is the step and a scrape interval more,
 * at least four scrape intervals, and a least step takes the place of the scrape interval.
 */
export function interpolate(
  { instant, language, minStep, text }: Pick<BoardQuery, 'instant' | 'language' | 'minStep' | 'text'>,
  chosen: ReadonlyMap<string, ChosenVariable>,
  rangeSeconds: number,
): SentQuery {
  const scrape = minStep === undefined ? SCRAPE_SECONDS : readSeconds(minStep);
  const leastStep = language === 'promql' ? scrape : 1;
  const stepSeconds = Math.max(Math.ceil(rangeSeconds / POINTS), leastStep);
  const filled = fillDurations(text, {
    rate_interval: `${Math.max(stepSeconds + scrape, 4 * scrape)}s`,
    range: `${rangeSeconds}s`,
    interval: `${stepSeconds}s`,
    auto: `${instant ? rangeSeconds : stepSeconds}s`,
  });
  return { text: fillVariables(filled, language, chosen), stepSeconds };
}

function fillVariables(
  text: string,
  language: Language,
  chosen: ReadonlyMap<string, ChosenVariable>,
): string {
  return text.replaceAll(VARIABLE, (whole, braced?: string, bare?: string) => {
    const found = chosen.get(braced ?? bare ?? '');
    if (found === undefined) return whole;
    return found.values === null ? (found.variable.allValue ?? '.*') : asExpression(found, language);
  });
}

function asExpression({ values, variable }: ChosenVariable, language: Language): string {
  const all = values ?? [];
  if (language === 'traceql') return all.join('|');
  if (variable.multi !== true && variable.includeAll !== true) return all.map(escapeString).join('|');
  const escaped = all.map((value) => escapeRegex(value));
  return language === 'promql' && escaped.length > 1 ? `(${escaped.join('|')})` : escaped.join('|');
}

function escapeString(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
}

/** Twice, since the expression stands in a string that is read first. */
function escapeRegex(value: string): string {
  return value.replaceAll('\\', '\\\\\\\\').replaceAll(/[$^*{}[\]'+?.()|]/g, '\\\\$&');
}

function readSeconds(duration: string): number {
  const [, amount, unit] = /^(\d+)([smh])$/.exec(duration) ?? [];
  return Number(amount) * (SECONDS[unit ?? ''] ?? Number.NaN);
}
