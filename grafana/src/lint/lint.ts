import type { ClassicBoard } from '../classic.ts';
import type { Complaint, Rule } from './rule.ts';
import { BOARD_RULES } from './rules/board-rules.ts';
import { PANEL_RULES } from './rules/panel-rules.ts';
import { QUERY_RULES } from './rules/query-rules.ts';
import { SOURCE_RULE } from './rules/source-rules.ts';

/** Every rule about one board; README.md in the folder grafana says why each is there. */
export const RULES: readonly Rule[] = [...BOARD_RULES, SOURCE_RULE, ...PANEL_RULES, ...QUERY_RULES];

export interface Finding extends Complaint {
  file: string;
  rule: string;
}

/** Everything that is against a convention, in the order of files and rules. */
export function lintBoards(boards: ReadonlyMap<string, ClassicBoard>): Finding[] {
  const findings = [...boards].flatMap(([file, board]) =>
    RULES.flatMap(({ check, name }) =>
      check(board, file).map((complaint) => ({ file, rule: name, ...complaint })),
    ),
  );
  return [...findings, ...sharedUids(boards)];
}

function sharedUids(boards: ReadonlyMap<string, ClassicBoard>): Finding[] {
  const first = new Map<string, string>();
  const findings: Finding[] = [];
  for (const [file, { uid }] of boards) {
    if (uid === undefined) continue;
    const other = first.get(uid);
    if (other === undefined) first.set(uid, file);
    else findings.push({ file, rule: 'unique-uid', message: `it has the uid ${uid} of ${other}` });
  }
  return findings;
}

export function describeFinding({ file, message, panel, rule }: Finding): string {
  return `${file}${panel === undefined ? '' : ` "${panel}"`}: ${message} (${rule})`;
}
