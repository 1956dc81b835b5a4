import { type ClassicBoard, panelsOf, type SourceRef, variablesOf } from '../../classic.ts';
import { titleOf } from '../../queries/board-queries.ts';
import type { Complaint, Rule } from '../rule.ts';

/** Every place that names a data source, with what to call it. */
function namedSources(board: ClassicBoard): { panel: string; source: SourceRef | undefined }[] {
  const panels = panelsOf(board).flatMap((panel) =>
    (panel.targets ?? []).length === 0
      ? []
      : [panel, ...(panel.targets ?? [])].map(({ datasource }) => ({
          panel: titleOf(panel),
          source: datasource,
        })),
  );
  const variables = variablesOf(board)
    .filter(({ type }) => type === 'query')
    .map(({ datasource, name }) => ({ panel: `variable ${name}`, source: datasource }));
  const annotations = (board.annotations?.list ?? []).map(({ datasource, name }) => ({
    panel: `annotation ${name ?? ''}`,
    source: datasource,
  }));
  return [...panels, ...variables, ...annotations];
}

/** A data source is named by a variable of the board, never by a uid, so that a board can be carried elsewhere. */
export const SOURCE_RULE: Rule = {
  name: 'source-is-variable',
  check(board) {
    const declared = new Set(
      variablesOf(board)
        .filter(({ type }) => type === 'datasource')
        .map(({ name }) => `\${${name}}`),
    );
    return namedSources(board).flatMap(({ panel, source }): Complaint[] => {
      const uid = source?.uid ?? 'nothing';
      return declared.has(uid)
        ? []
        : [{ panel, message: `its data source is ${uid}, not a variable of the board` }];
    });
  },
};
