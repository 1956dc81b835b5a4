import { parser as logqlParser } from '@grafana/lezer-logql';
import { parser as traceqlParser } from '@grafana/lezer-traceql';
import type { Tree } from '@lezer/common';
import { parser as promqlParser } from '@prometheus-io/lezer-promql';
import type { Language } from '../queries/board-queries.ts';
import { withStandIns } from '../queries/durations.ts';

const PARSERS: Record<Language, { parse(text: string): Tree }> = {
  promql: promqlParser,
  logql: logqlParser,
  traceql: traceqlParser,
};

/** Choices of a variable stand in TraceQL where a duration belongs, as in `duration > $slow`. */
const BARE_VARIABLE = /([<>=]\s*)\$\{?\w+\}?/g;

/** A query as a tree of its grammar; `text` is what was parsed, with stand-ins for Grafana's variables. */
export interface ParsedQuery {
  text: string;
  tree: Tree;
}

export function parseQuery(language: Language, query: string): ParsedQuery {
  const text = language === 'traceql' ? query.replaceAll(BARE_VARIABLE, '$11s') : withStandIns(query);
  return { text, tree: PARSERS[language].parse(text) };
}

/** Where a query stops making sense, in words; null when the grammar takes all of it. */
export function syntaxMistake(language: Language, query: string): string | null {
  if (query.trim() === '') return 'the query is empty';
  const { text, tree } = parseQuery(language, query);
  let at: number | null = null;
  tree.iterate({
    enter(node) {
      if (node.type.isError && at === null) at = node.from;
    },
  });
  if (at === null) return null;
  const rest = text.slice(at, at + 40);
  return `not ${language}: it stops making sense at ${rest === '' ? 'its end' : `"${rest}"`}`;
}
