import { parser } from '@prometheus-io/lezer-promql';
import { withStandIns } from './durations.ts';

interface Selector {
  name: string;
  /** With its matchers, as it stands in the query. */
  text: string;
}

/** What Prometheus makes itself, without a `job`. */
const OWN = new Set(['up', 'ALERTS']);

/** Names of the metrics that a PromQL query asks for, each once. */
export function metricNamesIn(query: string): string[] {
  return [...new Set(selectorsIn(query).map(({ name }) => name))];
}

/**
 * Whether a query asks for metrics that applications send. Those that Prometheus scrapes are asked for with their
 * `job`, as in `{job="loki"}`.
 */
export function asksForPushed(query: string): boolean {
  return selectorsIn(query).some(({ name, text }) => !OWN.has(name) && !/\bjob\s*=/.test(text));
}

function selectorsIn(query: string): Selector[] {
  const text = withStandIns(query);
  const selectors: Selector[] = [];
  parser.parse(text).iterate({
    enter(node) {
      if (node.name !== 'VectorSelector') return;
      const name = node.node.getChild('Identifier');
      if (name === null) return;
      selectors.push({ name: text.slice(name.from, name.to), text: text.slice(node.from, node.to) });
    },
  });
  return selectors;
}
