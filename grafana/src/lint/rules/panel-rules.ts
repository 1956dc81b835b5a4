import { type ClassicBoard, type ClassicPanel, panelsOf } from '../../classic.ts';
import { panelRule, type Rule } from '../rule.ts';

const WITH_NUMBERS = new Set([
  'stat',
  'timeseries',
  'table',
  'gauge',
  'bargauge',
  'barchart',
  'heatmap',
  'piechart',
]);
const WITH_AXIS = new Set(['stat', 'timeseries', 'gauge', 'bargauge', 'barchart']);
/** Units of which nothing can be less than zero. */
const FROM_ZERO =
  /^(short|none|percent|percentunit|s|ms|us|ns|cps|ops|reqps|rps|wps|iops|bytes|decbytes|binBps|Bps|bps|currency.*)$/;
const COLOUR_WORDS = /\b(green|yellow|orange|red)\b/i;
const LEAST_DESCRIPTION = 30;

const withNumbers = (board: ClassicBoard) => panelsOf(board).filter(({ type }) => WITH_NUMBERS.has(type));
const defaultsOf = (panel: ClassicPanel) => panel.fieldConfig?.defaults ?? {};

export const PANEL_RULES: readonly Rule[] = [
  panelRule(
    'description',
    (board) => panelsOf(board).filter(({ type }) => type !== 'text'),
    (panel) =>
      (panel.description ?? '').length >= LEAST_DESCRIPTION
        ? null
        : 'the description is missing or too short to say what is shown and what to do',
  ),
  panelRule('unit', withNumbers, (panel) =>
    (defaultsOf(panel).unit ?? '') === '' ? 'numbers have no unit' : null,
  ),
  panelRule(
    'min-zero',
    (board) => panelsOf(board).filter(({ type }) => WITH_AXIS.has(type)),
    (panel) => {
      const { min, unit } = defaultsOf(panel);
      return min === 0 || !FROM_ZERO.test(unit ?? '')
        ? null
        : `the axis does not start at 0, though the unit is ${unit}`;
    },
  ),
  panelRule('thresholds', withNumbers, (panel) => {
    if (!isColoured(panel)) return null;
    const steps = defaultsOf(panel).thresholds?.steps ?? [];
    if (steps.length < 2) return 'it is coloured, but no threshold says from when on';
    if (isGrafanasDefault(steps)) return "its thresholds are Grafana's default, 80, which means nothing";
    return COLOUR_WORDS.test(panel.description ?? '')
      ? null
      : 'the description does not say what its colours mean';
  }),
  panelRule('stacking', withNumbers, (panel) => {
    const mode = defaultsOf(panel).custom?.stacking?.mode ?? 'none';
    if (mode === 'none') return null;
    if (mode !== 'normal') return `it is stacked in ${mode}: only sums may be`;
    return /\bstacked\b/i.test(panel.description ?? '')
      ? null
      : 'it is stacked and the description does not say why';
  }),
];

function isColoured(panel: ClassicPanel): boolean {
  const { color, custom } = defaultsOf(panel);
  const style = custom?.thresholdsStyle?.mode ?? 'off';
  const statColour = panel.type === 'stat' && (panel.options?.colorMode ?? 'value') !== 'none';
  return statColour || color?.mode === 'thresholds' || style !== 'off';
}

function isGrafanasDefault(steps: readonly { value: number | null }[]): boolean {
  return steps.length === 2 && steps[1]?.value === 80;
}
