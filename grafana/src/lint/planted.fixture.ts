import { type ClassicBoard, type ClassicPanel, type ClassicTarget, panelsOf } from '../classic.ts';

type Change = (board: ClassicBoard) => void;
type Pick = (board: ClassicBoard) => object;

/** A convention broken on purpose: which rule must say so, and how it is broken. */
export interface Planted {
  rule: string;
  how: string;
  break: Change;
}

const whole: Pick = (board) => board;
const panel = (title: string) => (board: ClassicBoard) => sure(panelOf(board, title), title);
const query = (title: string) => (board: ClassicBoard) => sure(panelOf(board, title)?.targets?.[0], title);
const field = (title: string) => (board: ClassicBoard) =>
  sure(panelOf(board, title)?.fieldConfig?.defaults, title);
const variable = (name: string) => (board: ClassicBoard) =>
  sure(
    board.templating?.list?.find((entry) => entry.name === name),
    name,
  );

function panelOf(board: ClassicBoard, title: string): ClassicPanel | undefined {
  return panelsOf(board).find((entry) => entry.title === title);
}

function sure<T>(found: T | undefined, what: string): T {
  if (found === undefined) throw new Error(`the board has no ${what}`);
  return found;
}

function set(pick: Pick, values: object): Change {
  return (board) => void Object.assign(pick(board), values);
}

function drop(pick: Pick, key: string): Change {
  return (board) => void Reflect.deleteProperty(pick(board), key);
}

/** Another text for the first query of a panel. */
function rewrite(title: string, change: (text: string) => string): Change {
  return (board) => {
    const target: ClassicTarget = query(title)(board);
    if (target.expr === undefined) target.query = change(target.query ?? '');
    else target.expr = change(target.expr);
  };
}

const swap = (from: string, to: string) => (text: string) => text.replaceAll(from, to);

const OF_THE_BOARD: Planted[] = [
  { rule: 'classic', how: 'another schema version', break: set(whole, { schemaVersion: 39 }) },
  { rule: 'classic', how: 'the new format', break: set(whole, { elements: {} }) },
  { rule: 'classic', how: 'no panels', break: drop(whole, 'panels') },
  { rule: 'identity', how: 'a uid that is not ours', break: set(whole, { uid: 'home' }) },
  { rule: 'identity', how: 'a file of another name', break: set(whole, { uid: 'signalbox-other' }) },
  { rule: 'identity', how: 'a title that is too long', break: set(whole, { title: 'Home '.repeat(9) }) },
  { rule: 'identity', how: 'no description', break: drop(whole, 'description') },
  { rule: 'identity', how: 'no tag', break: set(whole, { tags: ['version:0.1.0'] }) },
  { rule: 'version', how: 'no version', break: drop(whole, 'version') },
  { rule: 'version', how: 'no version in the tags', break: set(whole, { tags: ['signalbox'] }) },
  { rule: 'reading', how: 'a board edited in the browser', break: set(whole, { editable: true }) },
  { rule: 'reading', how: 'a crosshair that is not shared', break: set(whole, { graphTooltip: 0 }) },
  { rule: 'reading', how: 'a fixed time zone', break: set(whole, { timezone: 'utc' }) },
  { rule: 'refresh', how: 'a refresh every five seconds', break: set(whole, { refresh: '5s' }) },
  { rule: 'refresh', how: 'no refresh', break: drop(whole, 'refresh') },
  { rule: 'purpose', how: 'no purpose', break: (board) => void board.panels?.shift() },
  { rule: 'titles', how: 'a panel without title', break: set(panel('Firing alerts'), { title: ' ' }) },
  { rule: 'titles', how: 'one title twice', break: set(panel('Firing alerts'), { title: 'Request rate' }) },
  { rule: 'panel-ids', how: 'a panel without id', break: drop(panel('Firing alerts'), 'id') },
  { rule: 'panel-ids', how: 'one id twice', break: set(panel('Firing alerts'), { id: 10 }) },
  {
    rule: 'source-variables',
    how: 'a default that is not the fixed uid',
    break: set(variable('prometheus'), { current: { value: 'abc' } }),
  },
  {
    rule: 'all-value',
    how: 'an All that links cannot carry',
    break: set(variable('service'), { allValue: '.+' }),
  },
];

const FIXED = { datasource: { type: 'prometheus', uid: 'prometheus' } };
const FAILING = 'Requests that fail';
const DURATION = 'Duration, 95th percentile';

const OF_PANELS: Planted[] = [
  { rule: 'source-is-variable', how: 'a fixed uid in a query', break: set(query('Request rate'), FIXED) },
  { rule: 'source-is-variable', how: 'a fixed uid in a variable', break: set(variable('service'), FIXED) },
  {
    rule: 'source-is-variable',
    how: 'a source that the board has not declared',
    break: set(panel('Request rate'), { datasource: { type: 'prometheus', uid: '${other}' } }),
  },
  { rule: 'description', how: 'no description of a panel', break: drop(panel(DURATION), 'description') },
  { rule: 'unit', how: 'no unit', break: drop(field('Request rate'), 'unit') },
  { rule: 'min-zero', how: 'an axis from anywhere', break: drop(field('Request rate'), 'min') },
  { rule: 'thresholds', how: 'colours without thresholds', break: drop(field(FAILING), 'thresholds') },
  {
    rule: 'thresholds',
    how: "Grafana's default thresholds",
    break: set(field(FAILING), {
      thresholds: {
        steps: [
          { value: null, color: 'green' },
          { value: 80, color: 'red' },
        ],
      },
    }),
  },
  {
    rule: 'thresholds',
    how: 'colours that nobody explains',
    break: set(panel(FAILING), { description: 'Share of the requests that failed, of all of them.' }),
  },
  {
    rule: 'stacking',
    how: 'stacking by default',
    break: set(field('Request rate'), { custom: { stacking: { mode: 'normal' } } }),
  },
  {
    rule: 'stacking',
    how: 'stacking in percent',
    break: set(field('Log volume by level'), { custom: { stacking: { mode: 'percent' } } }),
  },
  { rule: 'links', how: 'a duration that leads nowhere', break: drop(field(DURATION), 'links') },
  {
    rule: 'links',
    how: 'errors that lead nowhere',
    break: set(field('Error ratio'), { links: [{ title: 'Home', url: '/' }] }),
  },
  { rule: 'exemplars', how: 'a duration without exemplars', break: drop(query(DURATION), 'exemplar') },
  {
    rule: 'red-order',
    how: 'durations left of rates',
    break(board) {
      const [rate, duration] = [panel('Request rate')(board), panel(DURATION)(board)];
      [rate.gridPos, duration.gridPos] = [duration.gridPos!, rate.gridPos!];
    },
  },
];

const OF_QUERIES: Planted[] = [
  { rule: 'syntax', how: 'PromQL with a bracket too few', break: rewrite('Request rate', swap('))', ')')) },
  {
    rule: 'syntax',
    how: 'LogQL with a pipe to nothing',
    break: rewrite('Latest error lines', (text) => `${text} |`),
  },
  {
    rule: 'syntax',
    how: 'TraceQL with half a comparison',
    break: rewrite('Failed traces', swap('= error', '=')),
  },
  { rule: 'syntax', how: 'an empty query', break: rewrite('Request rate', () => '') },
  {
    rule: 'syntax',
    how: 'a variable that asks nonsense',
    break: set(variable('service'), { query: 'label_values(up{, job)' }),
  },
  {
    rule: 'rate-window',
    how: 'a rate over a fixed window',
    break: rewrite('Request rate', swap('$__rate_interval', '5m')),
  },
  {
    rule: 'rate-window',
    how: 'the whole range for every point of a line',
    break: rewrite('Request rate', swap('$__rate_interval', '$__range')),
  },
  {
    rule: 'rate-window',
    how: 'a rate over one step',
    break: rewrite('Request rate', swap('$__rate_interval', '$__interval')),
  },
  {
    rule: 'log-window',
    how: 'lines counted over a fixed window',
    break: rewrite('Log volume by level', swap('$__auto', '5m')),
  },
  {
    rule: 'pushed-step',
    how: 'a step shorter than SDKs send',
    break: drop(query('Request rate'), 'interval'),
  },
  {
    rule: 'known-variables',
    how: 'a variable of another board',
    break: rewrite('Request rate', swap('$service', '$tenant')),
  },
];

/** At least one for every rule about a single board. */
export const PLANTED: readonly Planted[] = [...OF_THE_BOARD, ...OF_PANELS, ...OF_QUERIES];
