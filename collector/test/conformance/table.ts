import type { Observed } from './observe.ts';
import { type Door, RULES, type Rule } from './rules.ts';
import type { Verdict } from './verdict.ts';

const BEGIN = '<!-- What follows is written by the suite: CONFORMANCE_WRITE=1 npm run test:conformance -->';
const END = '<!-- End of what the suite writes. -->';
const SIGNS = { kept: '✓', partly: '○', broken: '✗' } as const;
const DOORS: readonly Door[] = ['http', 'grpc'];

/** How many rules a program keeps at all doors, keeps but not to the end, and breaks. */
export interface Score {
  kept: number;
  partly: number;
  broken: number;
}

export function scoreOf(observed: Observed): Score {
  const score = { kept: 0, partly: 0, broken: 0 };
  for (const { number, doors } of RULES) {
    const kinds = doors.map((door) => observed.rule(number, door).kind);
    const worst = (['broken', 'partly'] as const).find((kind) => kinds.includes(kind));
    score[worst ?? 'kept']++;
  }
  return score;
}

/** One cell: a sign, and what was seen where the rule is not simply kept. */
export function cellOf(verdict: Verdict): string {
  const sign = SIGNS[verdict.kind];
  return verdict.kind === 'kept' ? sign : `${sign} ${verdict.observed.replaceAll('|', '\\|')}`;
}

/** The part of the page that depends on what was observed. */
export function tableOf(ours: Observed, theirs: Observed): string {
  const cells = (rule: Rule) =>
    [ours, theirs].flatMap((observed) =>
      DOORS.map((door) => (rule.doors.includes(door) ? cellOf(observed.rule(rule.number, door)) : '')),
    );
  const { kept, partly, broken } = scoreOf(theirs);
  return [
    `Signalbox keeps ${scoreOf(ours).kept} of ${RULES.length}. The Collector keeps ${kept}, ${partly} not to the end, and breaks ${broken}.`,
    '',
    '| # | level | rule | Signalbox, HTTP | Signalbox, gRPC | Collector, HTTP | Collector, gRPC |',
    '|---|---|---|---|---|---|---|',
    ...RULES.map((rule) => {
      const said = [String(rule.number), rule.level, `${rule.text} (${rule.section})`, ...cells(rule)];
      return `| ${said.join(' | ')} |`;
    }),
  ].join('\n');
}

/** The page with this part in place of the one it has. Throws when it has no place for it. */
export function withTable(page: string, table: string): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error('docs/conformance.md has lost the marks around its table');
  return `${page.slice(0, begin)}${BEGIN}\n${table}\n${page.slice(end)}`;
}

/** The cell of the committed page for one rule, program and door; '' where it has none. */
export function committedCell(page: string, number: number, place: 2 | 3): string {
  const row = page.split('\n').find((line) => line.startsWith(`| ${number} |`)) ?? '';
  const cells = row.split(/(?<!\\) \| /);
  return (cells[place + 3] ?? '').replace(/ \|$/, '').trim();
}
