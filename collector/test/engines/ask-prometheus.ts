/** One value of a series. */
export interface Sample {
  /** With `__name__`; the same label sets have the same text. */
  series: string;
  timeMs: number;
  value: number;
}

interface Answer<T> {
  data: T;
}

/** Every sample that Prometheus has of a selector's series in the last `seconds` before `toMs`. */
export async function samplesOf(
  prometheusUrl: string,
  selector: string,
  { seconds, toMs }: { seconds: number; toMs: number },
): Promise<Sample[]> {
  const query = { query: `${selector}[${seconds}s]`, time: String(toMs / 1000) };
  const { result } = await ask<{
    result: { metric: Record<string, string>; values?: [seconds: number, value: string][] }[];
  }>(prometheusUrl, 'query', query);
  return result.flatMap(({ metric, values = [] }) => {
    const series = seriesText(metric);
    return values.map(([at, value]) => ({ series, timeMs: Math.round(at * 1000), value: Number(value) }));
  });
}

/** Labels of the exemplars that Prometheus has for a selector. */
export async function exemplarsOf(
  prometheusUrl: string,
  selector: string,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Promise<Record<string, string>[]> {
  const range = { start: String(fromMs / 1000), end: String(toMs / 1000) };
  const data = await ask<{ exemplars: { labels: Record<string, string> }[] }[]>(
    prometheusUrl,
    'query_exemplars',
    { query: selector, ...range },
  );
  return data.flatMap(({ exemplars }) => exemplars.map(({ labels }) => labels));
}

/** A label set as one text; bounds of buckets (`le`) are written as numbers are here. */
export function seriesText(labels: Readonly<Record<string, string>>): string {
  const entries = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([name, value]) => `${name}=${name === 'le' ? boundText(value) : value}`).join(' ');
}

function boundText(bound: string): string {
  return bound === '+Inf' ? bound : String(Number(bound));
}

async function ask<T>(url: string, path: string, params: Record<string, string>): Promise<T> {
  const response = await fetch(`${url}/api/v1/${path}`, {
    method: 'POST',
    body: new URLSearchParams(params),
    signal: AbortSignal.timeout(30_000),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`Prometheus answered ${response.status} ${text}`);
  return (JSON.parse(text) as Answer<T>).data;
}
