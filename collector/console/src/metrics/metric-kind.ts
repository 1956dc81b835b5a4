interface KindOf {
  type: string;
  monotonic: boolean;
  temporality: string;
}

/** A metric's type in words: `counter`, `up-down counter`, `gauge`, `histogram`; delta is said, cumulative is usual. */
export function metricKind({ type, monotonic, temporality }: KindOf): string {
  const name = type === 'sum' ? (monotonic ? 'counter' : 'up-down counter') : type.replace('_', ' ');
  return temporality === 'delta' ? `${name}, delta` : name;
}

/** The stats that make sense for a type, the default of the API first. */
export function statsOf({ type, monotonic }: { type: string; monotonic: boolean }): string[] {
  switch (type) {
    case 'gauge':
      return ['value'];
    case 'sum':
      return monotonic ? ['rate', 'increase', 'value'] : ['value', 'increase', 'rate'];
    case 'summary':
      return ['avg', 'rate', 'increase'];
    default:
      return ['p95', 'p50', 'p99', 'avg', 'rate', 'increase'];
  }
}

/** What a stat is called beside a chart. */
export function statLabel(stat: string): string {
  const words: Readonly<Record<string, string>> = {
    rate: 'per second',
    increase: 'increase per point',
    avg: 'average',
    value: 'value',
  };
  return words[stat] ?? stat;
}
