import type { Board } from '../blocks/board.ts';
import { boardLink, linkTo } from '../blocks/links.ts';
import { consoleVariable, labelVariable } from '../blocks/variables.ts';
import { job } from './collector.ts';
import { enginesRow, refusalsRow } from './stack-engines.ts';
import { exportersRow, journalRow } from './stack-exporters.ts';
import { stackGlanceRow } from './stack-glance.ts';
import { accountingRow, pipelineRow } from './stack-pipeline.ts';
import { diskRow, processesRow } from './stack-resources.ts';

/** Is Signalbox itself well: what came in, where it went, and the engines that keep it. */
export const stackBoard: Board = {
  uid: 'signalbox-stack',
  title: 'Stack',
  description: 'Is Signalbox itself well: what comes in, where it goes, and the engines that keep it?',
  tags: ['stack'],
  variables: [
    labelVariable({
      name: 'destination',
      label: 'Destination',
      query: `label_values(signalbox_exporter_items{${job('collector')}}, exporter)`,
      all: '..*',
    }),
    consoleVariable(),
  ],
  links: [
    boardLink('Home', 'signalbox-home'),
    linkTo('Where the data is', '${console}/data').icon('external link').targetBlank(true),
  ],
  rows: [
    stackGlanceRow(),
    pipelineRow(),
    accountingRow(),
    exportersRow(),
    journalRow(),
    enginesRow(),
    refusalsRow(),
    diskRow(),
    processesRow(),
  ],
};
