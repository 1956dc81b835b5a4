import { DashboardLinkBuilder, DashboardLinkType } from '@grafana/grafana-foundation-sdk/dashboard';
import { type SourceName, sourceRef } from './sources.ts';

const VARIABLE = /(\$\{[^}]+\})/;

/** A link from a series or value to Explore with `query`, over the time that the board shows. */
export function exploreLink(title: string, source: SourceName, query: string): DashboardLinkBuilder {
  const datasource = sourceRef(source);
  const text =
    source === 'tempo' ? { query, queryType: 'traceql', limit: 20, tableType: 'traces' } : { expr: query };
  const panes = {
    signalbox: {
      datasource: datasource.uid,
      queries: [{ refId: 'A', datasource, ...text }],
      range: { from: '${__from}', to: '${__to}' },
    },
  };
  return linkTo(title, `/explore?schemaVersion=1&panes=${encodeAroundVariables(JSON.stringify(panes))}`);
}

export function linkTo(title: string, url: string): DashboardLinkBuilder {
  return new DashboardLinkBuilder(title).url(url).targetBlank(false);
}

/** A link at the top of a board to another board, with the time and the variables of this one. */
export function boardLink(title: string, uid: string): DashboardLinkBuilder {
  return linkTo(title, `/d/${uid}`)
    .type(DashboardLinkType.Link)
    .icon('dashboard')
    .keepTime(true)
    .includeVars(true);
}

/** Grafana finds `${...}` in a link only where the dollar sign and the braces are not encoded. */
function encodeAroundVariables(text: string): string {
  return text
    .split(VARIABLE)
    .map((part) => (VARIABLE.test(part) ? part : encodeURIComponent(part)))
    .join('');
}
