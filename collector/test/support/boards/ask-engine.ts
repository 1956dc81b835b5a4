import type { BoardQuery } from '#grafana/queries/board-queries.ts';
import type { SentQuery } from '#grafana/queries/interpolate.ts';

const TIMEOUT_MS = 20_000;

/** Where the engines answer queries, without a path: `http://127.0.0.1:9090`. */
export interface EngineUrls {
  prometheus: string;
  loki: string;
  tempo: string;
}

/** The time a board shows, in seconds since 1970. */
export interface BoardTime {
  from: number;
  to: number;
}

/**
 * How many series, streams of lines or traces with something in them came back, and the greatest number in them (0
 * without numbers); or why the engine refused.
 */
export type EngineAnswer = { found: number; greatest: number } | { refused: string };

/** Sends a query the way Grafana's data source does. */
export async function askEngine(
  { instant, language }: Pick<BoardQuery, 'instant' | 'language'>,
  { stepSeconds, text }: SentQuery,
  { time, urls }: { urls: EngineUrls; time: BoardTime },
): Promise<EngineAnswer> {
  const span = { start: String(time.from), end: String(time.to), step: String(stepSeconds) };
  const moment = { time: String(time.to) };
  switch (language) {
    case 'promql': {
      const path = instant ? '/api/v1/query' : '/api/v1/query_range';
      return countIn(await get(urls.prometheus + path, { query: text, ...(instant ? moment : span) }));
    }
    case 'logql': {
      const path = instant ? '/loki/api/v1/query' : '/loki/api/v1/query_range';
      return countIn(
        await get(urls.loki + path, { query: text, limit: '100', ...(instant ? moment : span) }),
      );
    }
    case 'traceql':
      return countIn(
        await get(`${urls.tempo}/api/search`, { q: text, limit: '20', start: span.start, end: span.end }),
      );
  }
}

/** The values of a label of the series that match, as variables list them. */
export async function askLabelValues(
  prometheusUrl: string,
  { label, selector }: { label: string; selector: string },
  { from, to }: BoardTime,
): Promise<string[]> {
  const url = `${prometheusUrl}/api/v1/label/${label}/values`;
  const answer = await get(url, { 'match[]': selector, start: String(from), end: String(to) });
  if ('refused' in answer) throw new Error(`label values of ${selector}: ${answer.refused}`);
  return (answer.body as { data?: string[] }).data ?? [];
}

async function get(
  url: string,
  params: Record<string, string>,
): Promise<{ body: unknown } | { refused: string }> {
  const response = await fetch(`${url}?${new URLSearchParams(params)}`, {
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const text = await response.text();
  return response.ok ? { body: JSON.parse(text) } : { refused: `${response.status} ${text.slice(0, 300)}` };
}

/** Of Prometheus and Loki: one number, numbers over time, or lines. */
interface Result {
  value?: [number, string];
  values?: [number | string, string][];
}

function countIn(answer: { body: unknown } | { refused: string }): EngineAnswer {
  if ('refused' in answer) return answer;
  const { data, traces } = answer.body as {
    data?: { resultType?: string; result?: Result[] };
    traces?: unknown[];
  };
  if (data === undefined) return { found: traces?.length ?? 0, greatest: 0 };
  const results = data.result ?? [];
  if (data.resultType === 'streams') return { found: results.length, greatest: 0 };
  const series = results.map(numbersIn).filter((numbers) => numbers.length > 0);
  return { found: series.length, greatest: series.flat().reduce((a, b) => Math.max(a, b), 0) };
}

/** What is not a number, as 0/0, is a gap on a board. */
function numbersIn({ value, values = [] }: Result): number[] {
  const points = value === undefined ? values : [value];
  return points.map(([, number]) => Number(number)).filter((number) => Number.isFinite(number));
}
