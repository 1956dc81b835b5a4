import { type ClassicBoard, panelsOf, variablesOf } from '../../classic.ts';
import type { Complaint, Rule } from '../rule.ts';

const SCHEMA_VERSIONS = [41, 42];
const V2_KEYS = ['apiVersion', 'kind', 'spec', 'metadata', 'elements', 'layout'];
const LEAST_REFRESH_SECONDS = 30;
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const LONGEST_TITLE = 40;
const LEAST_PURPOSE = 60;

/** A rule made of claims: what must hold, and what to say where it does not. */
function claims(
  name: string,
  list: (board: ClassicBoard, file: string) => [holds: boolean, message: string][],
): Rule {
  return {
    name,
    check: (board, file) =>
      list(board, file).flatMap(([holds, message]): Complaint[] => (holds ? [] : [{ message }])),
  };
}

export const BOARD_RULES: readonly Rule[] = [
  claims('classic', (board) => [
    [
      SCHEMA_VERSIONS.includes(board.schemaVersion ?? 0),
      `schemaVersion is ${board.schemaVersion}, not ${SCHEMA_VERSIONS.join(' or ')}`,
    ],
    [Array.isArray(board.panels) && board.panels.length > 0, 'there is no list "panels"'],
    ...V2_KEYS.map((key): [boolean, string] => [
      !(key in board),
      `the key "${key}" is of the new format, which Grafana does not provision from files`,
    ]),
  ]),
  claims('identity', (board, file) => [
    [/^signalbox-[a-z0-9-]{1,30}$/.test(board.uid ?? ''), 'uid is not of the form signalbox-name'],
    [file === `${board.uid}.json`, `the file is not named after the uid ${board.uid}`],
    [isTitle(board.title), `the title is missing or longer than ${LONGEST_TITLE} characters`],
    [(board.description ?? '').length > 0, 'there is no description'],
    [board.tags?.includes('signalbox') === true, 'the tag "signalbox" is missing'],
  ]),
  claims('version', (board) => [
    [Number.isInteger(board.version) && (board.version ?? 0) > 0, 'version is not a whole number above zero'],
    [
      board.tags?.some((tag) => /^version:\d+\.\d+\.\d+$/.test(tag)) === true,
      'no tag says of which version of the program it is',
    ],
  ]),
  claims('reading', (board) => [
    [board.editable === false, 'it can be edited in the browser; the file would win at the next start'],
    [board.graphTooltip === 1, 'the crosshair is not shared'],
    [board.timezone === 'browser', "times are not the reader's own"],
  ]),
  claims('refresh', (board) => [
    [
      refreshSeconds(board.refresh) >= LEAST_REFRESH_SECONDS,
      `refresh is "${board.refresh ?? ''}": give one of at least ${LEAST_REFRESH_SECONDS}s`,
    ],
  ]),
  claims('purpose', (board) => {
    const first = panelsOf(board)[0];
    const words = first?.type === 'text' ? (first.options?.content ?? '') : '';
    return [[words.length >= LEAST_PURPOSE, 'the first panel is no text that says what the board is for']];
  }),
  claims('titles', (board) => {
    const titles = panelsOf(board).map(({ title }) => title);
    return titles.flatMap((title, index): [boolean, string][] => [
      [isTitle(title), `"${title ?? ''}" is no title, or longer than ${LONGEST_TITLE} characters`],
      [titles.indexOf(title) === index, `"${title}" is the title of two panels`],
    ]);
  }),
  claims('panel-ids', (board) => {
    const ids = (board.panels ?? []).flatMap((panel) => [panel, ...(panel.panels ?? [])]).map(({ id }) => id);
    return ids.flatMap((id, index): [boolean, string][] => [
      [Number.isInteger(id), 'a panel has no id, so nothing can link to it'],
      [id === undefined || ids.indexOf(id) === index, `two panels have the id ${id}`],
    ]);
  }),
  claims('source-variables', (board) =>
    variablesOf(board)
      .filter(({ type }) => type === 'datasource')
      .map(({ current, name, query }): [boolean, string] => [
        name === query && current?.value === name,
        `the data source "${name}" has not the variable's name as type and fixed default uid`,
      ]),
  ),
  claims('all-value', (board) =>
    variablesOf(board).map(({ allValue, name }): [boolean, string] => [
      !(allValue ?? '').includes('+'),
      `what All stands for in "${name}" has a plus sign, which a link turns into a space`,
    ]),
  ),
];

function isTitle(title: string | undefined): boolean {
  return title !== undefined && title.trim() !== '' && title.length <= LONGEST_TITLE;
}

function refreshSeconds(refresh: string | undefined): number {
  const [, amount, unit] = /^(\d+)([smhd])$/.exec(refresh ?? '') ?? [];
  return Number(amount ?? 0) * (SECONDS[unit ?? ''] ?? 0);
}
