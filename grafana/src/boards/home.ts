import type { Board } from '../blocks/board.ts';
import { boardLink, linkTo } from '../blocks/links.ts';
import { choiceVariable, consoleVariable } from '../blocks/variables.ts';
import { homeGlanceRow } from './home-glance.ts';
import { homeLogsRow, homeTracesRow } from './home-logs-traces.ts';
import { homeAlertsRow, homeRequestsRow, homeServicesRow } from './home-requests.ts';
import { serviceVariables } from './services.ts';

/** Is anything wrong, and where do I look next. */
export const homeBoard: Board = {
  uid: 'signalbox-home',
  title: 'Home',
  description: 'Is anything wrong, and where do I look next?',
  tags: ['home'],
  variables: [
    ...serviceVariables(),
    choiceVariable('slow', 'Slower than', {
      values: ['100ms', '250ms', '500ms', '1s', '2s', '5s'],
      initial: '250ms',
    }),
    consoleVariable(),
  ],
  links: [
    boardLink('Stack', 'signalbox-stack'),
    linkTo('Console', '${console}/services').icon('external link').targetBlank(true),
  ],
  rows: [
    homeGlanceRow(),
    homeRequestsRow(),
    homeServicesRow(),
    homeLogsRow(),
    homeTracesRow(),
    homeAlertsRow(),
  ],
};
