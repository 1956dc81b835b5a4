import { type ClassicBoard, type ClassicVariable, variablesOf } from '#grafana/classic.ts';
import { type BoardQuery, labelValuesOf, queriesOf } from '#grafana/queries/board-queries.ts';
import { type ChosenVariable, interpolate } from '#grafana/queries/interpolate.ts';
import { askEngine, askLabelValues, type BoardTime, type EngineUrls } from './ask-engine.ts';

/** What is chosen in the variables that take several values: All, or every value by itself. */
export type Choice = 'all' | 'every value';

/** What became of one query of a board, or of one variable. */
export interface BoardAnswer {
  where: string;
  refId: string;
  kind: BoardQuery['kind'];
  language: BoardQuery['language'];
  /** As it was sent. */
  text: string;
  /** How much came back; null when the engine refused it. */
  found: number | null;
  greatest: number;
  refused?: string;
}

export interface AskOptions {
  urls: EngineUrls;
  time: BoardTime;
  choice: Choice;
}

/** Sends every query of every panel, annotation and variable of a board to the engines, as Grafana does. */
export async function askBoard(board: ClassicBoard, options: AskOptions): Promise<BoardAnswer[]> {
  const { answers, chosen } = await askVariables(board, options);
  for (const query of queriesOf(board)) answers.push(await askQuery(query, chosen, options));
  return answers;
}

async function askQuery(
  query: BoardQuery,
  chosen: ReadonlyMap<string, ChosenVariable>,
  { time, urls }: AskOptions,
): Promise<BoardAnswer> {
  const { kind, language, refId, where } = query;
  const sent = interpolate(query, chosen, time.to - time.from);
  const answer = await askEngine(query, sent, { urls, time });
  const told = { where, refId, kind, language, text: sent.text };
  return 'refused' in answer
    ? { ...told, found: null, greatest: 0, refused: answer.refused }
    : { ...told, ...answer };
}

/** In their order, since later variables are made of earlier ones. */
async function askVariables(
  board: ClassicBoard,
  { choice, time, urls }: AskOptions,
): Promise<{ answers: BoardAnswer[]; chosen: Map<string, ChosenVariable> }> {
  const answers: BoardAnswer[] = [];
  const chosen = new Map<string, ChosenVariable>();
  for (const variable of variablesOf(board)) {
    const asks = labelValuesOf(variable);
    if (asks === null) {
      chosen.set(variable.name, { variable, values: currentOf(variable) });
      continue;
    }
    const query = { text: asks.selector, language: 'promql', instant: true, minStep: undefined } as const;
    const { text } = interpolate(query, chosen, time.to - time.from);
    const values = await askLabelValues(urls.prometheus, { ...asks, selector: text }, time);
    answers.push({
      where: `variable ${variable.name}`,
      refId: 'A',
      kind: 'variable',
      language: 'promql',
      text,
      found: values.length,
      greatest: 0,
    });
    chosen.set(variable.name, { variable, values: choice === 'all' ? null : values });
  }
  return { answers, chosen };
}

function currentOf({ current }: ClassicVariable): string[] {
  return [current?.value ?? []].flat();
}
