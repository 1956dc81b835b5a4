import {
  type ClassicBoard,
  type ClassicPanel,
  type ClassicTarget,
  type ClassicVariable,
  panelsOf,
  variablesOf,
} from '../classic.ts';

export type Language = 'promql' | 'logql' | 'traceql';

/** One query of a board, as it stands in the file. */
export interface BoardQuery {
  /** Title of the panel, or `annotation` or `variable` and its name. */
  where: string;
  kind: 'panel' | 'annotation' | 'variable';
  /** Letter of the query in its panel. */
  refId: string;
  language: Language;
  text: string;
  /** One value instead of a line over time. */
  instant: boolean;
  /** Least step in Prometheus, as in `1m`. */
  minStep: string | undefined;
}

/** Every query of panels and annotations that is in a language we know. */
export function queriesOf(board: ClassicBoard): BoardQuery[] {
  const ofPanels = panelsOf(board).flatMap((panel) =>
    (panel.targets ?? []).flatMap((target) =>
      readTarget(target, { kind: 'panel', where: titleOf(panel), panel }),
    ),
  );
  const ofAnnotations = (board.annotations?.list ?? []).flatMap(({ name, target }) =>
    target === undefined ? [] : readTarget(target, { kind: 'annotation', where: `annotation ${name ?? ''}` }),
  );
  return [...ofPanels, ...ofAnnotations];
}

export interface LabelValues {
  /** The series whose values are taken, with Grafana's variables in it. */
  selector: string;
  label: string;
}

/** What a variable asks for, or null when it is none that asks Prometheus for the values of a label. */
export function labelValuesOf({ query, type }: ClassicVariable): LabelValues | null {
  const text = typeof query === 'string' ? query : (query?.query ?? '');
  const [, selector, label] = /^label_values\((.+),\s*(\w+)\)$/.exec(text) ?? [];
  if (type !== 'query' || selector === undefined || label === undefined) return null;
  return { selector, label };
}

/** The selectors of variables as queries, to be parsed like the others. */
export function variableQueriesOf(board: ClassicBoard): BoardQuery[] {
  return variablesOf(board).flatMap((variable): BoardQuery[] => {
    const asks = labelValuesOf(variable);
    if (asks === null) return [];
    const where = `variable ${variable.name}`;
    const shared = { where, kind: 'variable', refId: 'A', instant: true, minStep: undefined } as const;
    return [{ ...shared, language: 'promql', text: asks.selector }];
  });
}

export function titleOf(panel: ClassicPanel): string {
  return panel.title ?? `panel ${panel.id ?? 'without id'}`;
}

/** The text of a query, whatever its data source calls it. */
export function queryText({ expr, query }: ClassicTarget): string {
  return expr ?? query ?? '';
}

const LANGUAGES: Readonly<Record<string, Language>> = {
  prometheus: 'promql',
  loki: 'logql',
  tempo: 'traceql',
};

function readTarget(
  target: ClassicTarget,
  { panel, ...place }: { kind: BoardQuery['kind']; where: string; panel?: ClassicPanel },
): BoardQuery[] {
  const language = LANGUAGES[target.datasource?.type ?? panel?.datasource?.type ?? ''];
  if (language === undefined) return [];
  const instant = target.instant === true || target.queryType === 'instant';
  return [
    {
      ...place,
      refId: target.refId ?? '?',
      language,
      text: queryText(target),
      instant,
      minStep: target.interval,
    },
  ];
}
