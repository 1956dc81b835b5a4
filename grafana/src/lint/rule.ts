import type { ClassicBoard, ClassicPanel } from '../classic.ts';
import { titleOf } from '../queries/board-queries.ts';

/** What a rule has to say against a board; `panel` is a title when it is about one panel. */
export interface Complaint {
  panel?: string;
  message: string;
}

export interface Rule {
  /** As findings and tests name it. */
  name: string;
  /** `file` is the file's name without its folder. */
  check(board: ClassicBoard, file: string): Complaint[];
}

/** A rule about each panel by itself; `complain` answers null for a panel that is as it should be. */
export function panelRule(
  name: string,
  panels: (board: ClassicBoard) => ClassicPanel[],
  complain: (panel: ClassicPanel, board: ClassicBoard) => string | null,
): Rule {
  return {
    name,
    check: (board) =>
      panels(board).flatMap((panel) => {
        const message = complain(panel, board);
        return message === null ? [] : [{ panel: titleOf(panel), message }];
      }),
  };
}
