import {
  type ClassicBoard,
  type ClassicPanel,
  type ClassicTarget,
  panelsOf,
  variablesOf,
} from '../../classic.ts';
import {
  type BoardQuery,
  queriesOf,
  queryText,
  titleOf,
  variableQueriesOf,
} from '../../queries/board-queries.ts';
import { readDuration } from '../../queries/durations.ts';
import { asksForPushed } from '../../queries/metric-names.ts';
import { parseQuery, syntaxMistake } from '../parse-query.ts';
import type { Complaint, Rule } from '../rule.ts';

const RATES = new Set(['rate', 'irate', 'increase', 'delta', 'idelta', 'deriv']);

function queryRule(name: string, complain: (query: BoardQuery, board: ClassicBoard) => string | null): Rule {
  return {
    name,
    check: (board) =>
      [...queriesOf(board), ...variableQueriesOf(board)].flatMap((query): Complaint[] => {
        const message = complain(query, board);
        return message === null ? [] : [{ panel: query.where, message: `query ${query.refId}: ${message}` }];
      }),
  };
}

/** Durations in brackets behind what is given to rate() and its like, as they stand in the query. */
function rateWindows({ language, text }: BoardQuery): string[] {
  const { text: parsed, tree } = parseQuery(language, text);
  const windows: string[] = [];
  tree.iterate({
    enter(node) {
      if (node.name !== 'FunctionCall') return;
      const name = node.node.getChild('FunctionIdentifier');
      if (name === null || !RATES.has(parsed.slice(name.from, name.to))) return;
      const call = parsed.slice(node.from, node.to);
      const window = /\[([^\]:]+)\][^\]]*$/.exec(call)?.[1];
      if (window !== undefined) windows.push(readDuration(window.trim()));
    },
  });
  return windows;
}

export const QUERY_RULES: readonly Rule[] = [
  queryRule('syntax', ({ language, text }) => syntaxMistake(language, text)),
  queryRule('rate-window', (query) => {
    if (query.language !== 'promql') return null;
    const allowed = query.instant ? ['$__rate_interval', '$__range'] : ['$__rate_interval'];
    const wrong = rateWindows(query).find((window) => !allowed.includes(window));
    return wrong === undefined ? null : `a rate over [${wrong}]: take [${allowed.join('] or [')}]`;
  }),
  queryRule('log-window', ({ instant, language, text }) => {
    if (language !== 'logql') return null;
    const wanted = instant ? '$__range' : '$__auto';
    const wrong = [...text.matchAll(/\[([^\]]+)\]/g)]
      .map(([, window]) => window)
      .find((window) => window !== wanted);
    return wrong === undefined ? null : `counts over [${wrong}]: take [${wanted}]`;
  }),
  queryRule('pushed-step', ({ kind, language, minStep, text }) => {
    const isMeant = language === 'promql' && kind !== 'variable' && asksForPushed(text);
    if (!isMeant || minStep === '1m') return null;
    return 'it asks for metrics that applications send, once a minute: give it a least step of 1m';
  }),
  queryRule('known-variables', ({ text }, board) => {
    const known = new Set(variablesOf(board).map(({ name }) => name));
    const names = [...text.matchAll(/\$\{?(\w+)/g)].map(([, name]) => name ?? '');
    const unknown = names.find((name) => !name.startsWith('__') && !known.has(name));
    return unknown === undefined ? null : `there is no variable $${unknown}`;
  }),
  {
    name: 'exemplars',
    check: (board) =>
      latencyPanels(board).flatMap((panel) =>
        (panel.targets ?? [])
          .filter((target) => isQuantile(target) && target.exemplar !== true)
          .map(({ refId }) => ({
            panel: titleOf(panel),
            message: `query ${refId}: a duration without exemplars leads to no trace`,
          })),
      ),
  },
  {
    name: 'links',
    check: (board) =>
      panelsOf(board)
        .filter((panel) => panel.type === 'timeseries' && (isLatency(panel) || showsErrors(panel)))
        .filter((panel) => !leadsOn(panel))
        .map((panel) => ({
          panel: titleOf(panel),
          message: 'durations and errors need a link to traces or logs',
        })),
  },
  {
    name: 'red-order',
    check: (board) =>
      latencyPanels(board).flatMap((panel) => {
        const right = panelsOf(board).find(
          (other) => isRate(other) && isBeside(panel, other) && isRightOf(other, panel),
        );
        if (right === undefined) return [];
        return [
          {
            panel: titleOf(panel),
            message: `durations stand right of rates and errors, "${titleOf(right)}" too`,
          },
        ];
      }),
  },
];

const isQuantile = (target: ClassicTarget) => queryText(target).includes('histogram_quantile(');
const isLatency = (panel: ClassicPanel) => (panel.targets ?? []).some(isQuantile);
const latencyPanels = (board: ClassicBoard) =>
  panelsOf(board).filter((panel) => panel.type === 'timeseries' && isLatency(panel));

function showsErrors(panel: ClassicPanel): boolean {
  return (panel.targets ?? []).some((target) =>
    /5\.\.|error|_failed_|_refused_|discarded/.test(queryText(target)),
  );
}

function leadsOn(panel: ClassicPanel): boolean {
  const links = panel.fieldConfig?.defaults?.links ?? [];
  return links.some(({ url }) => url?.includes('${loki}') || url?.includes('${tempo}'));
}

function isRate(panel: ClassicPanel): boolean {
  return (
    ['reqps', 'percentunit'].includes(panel.fieldConfig?.defaults?.unit ?? '') && panel.type === 'timeseries'
  );
}

const isBeside = (a: ClassicPanel, b: ClassicPanel) =>
  a.gridPos !== undefined && a.gridPos.y === b.gridPos?.y;
const isRightOf = (a: ClassicPanel, b: ClassicPanel) => (a.gridPos?.x ?? 0) > (b.gridPos?.x ?? 0);
