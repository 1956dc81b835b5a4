/**
 * The data sources of provisioning/datasources/signalbox.yaml. On a board each is a variable of the same name
 * whose default is the fixed uid, so that the file also works in another Grafana.
 */
export const SOURCES = {
  prometheus: { type: 'prometheus', uid: 'prometheus', name: 'Prometheus' },
  loki: { type: 'loki', uid: 'loki', name: 'Loki' },
  tempo: { type: 'tempo', uid: 'tempo', name: 'Tempo' },
} as const;

export type SourceName = keyof typeof SOURCES;

/** How a panel, query or link names its data source: by the variable. */
export function sourceRef(source: SourceName): { type: string; uid: string } {
  return { type: SOURCES[source].type, uid: `\${${source}}` };
}
