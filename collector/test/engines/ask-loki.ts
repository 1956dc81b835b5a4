/** A log record as Loki has it. */
export interface Line {
  timeUnixNano: string;
  body: string;
  /** Index labels and structured metadata together. */
  labels: Record<string, string>;
}

export interface TimeRange {
  /** Milliseconds since 1970, the end excluded. */
  fromMs: number;
  toMs: number;
}

const PAGE = 5000;

interface Answer {
  data: { result: { stream: Record<string, string>; values: [timeUnixNano: string, body: string][] }[] };
}

/** Every line that a LogQL selector finds, the oldest first; one that Loki has twice comes twice. */
export async function linesIn(lokiUrl: string, query: string, range: TimeRange): Promise<Line[]> {
  const lines: Line[] = [];
  let fromUnixNano = BigInt(range.fromMs) * 1_000_000n;
  for (;;) {
    const page = await readPage(lokiUrl, query, { fromUnixNano, toMs: range.toMs });
    if (page.length < PAGE) return [...lines, ...page];
    // The newest time of a full page may go on in the next one, which begins there.
    const last = page.at(-1)!.timeUnixNano;
    if (page[0]!.timeUnixNano === last) throw new Error(`${PAGE} lines of one time cannot be paged through`);
    lines.push(...page.filter(({ timeUnixNano }) => timeUnixNano !== last));
    fromUnixNano = BigInt(last);
  }
}

async function readPage(
  lokiUrl: string,
  query: string,
  { fromUnixNano, toMs }: { fromUnixNano: bigint; toMs: number },
): Promise<Line[]> {
  const params = new URLSearchParams({
    query,
    start: String(fromUnixNano),
    end: `${toMs}000000`,
    limit: String(PAGE),
    direction: 'forward',
  });
  const response = await fetch(`${lokiUrl}/loki/api/v1/query_range?${params}`, {
    signal: AbortSignal.timeout(30_000),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`Loki answered ${response.status} ${text}`);
  const { result } = (JSON.parse(text) as Answer).data;
  const lines = result.flatMap(({ stream, values }) =>
    values.map(([timeUnixNano, body]) => ({ timeUnixNano, body, labels: stream })),
  );
  return lines.sort((a, b) => Number(BigInt(a.timeUnixNano) - BigInt(b.timeUnixNano)));
}
