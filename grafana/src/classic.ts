/** As much of a classic dashboard file as the lint and the tests read; a file may lack or misuse any of it. */
export interface ClassicBoard {
  uid?: string;
  title?: string;
  description?: string;
  tags?: string[];
  version?: number;
  schemaVersion?: number;
  editable?: boolean;
  graphTooltip?: number;
  timezone?: string;
  refresh?: string;
  panels?: ClassicPanel[];
  templating?: { list?: ClassicVariable[] };
  annotations?: { list?: { name?: string; datasource?: SourceRef; target?: ClassicTarget }[] };
  [key: string]: unknown;
}

export interface SourceRef {
  type?: string;
  uid?: string;
}

export interface ClassicPanel {
  id?: number;
  type: string;
  title?: string;
  description?: string;
  datasource?: SourceRef;
  gridPos?: { x: number; y: number; w: number; h: number };
  targets?: ClassicTarget[];
  options?: { colorMode?: string; content?: string };
  fieldConfig?: {
    defaults?: {
      unit?: string;
      min?: number;
      color?: { mode?: string };
      thresholds?: { steps?: { value: number | null; color: string }[] };
      links?: { title?: string; url?: string }[];
      custom?: { stacking?: { mode?: string }; thresholdsStyle?: { mode?: string } };
    };
  };
  /** Of a collapsed row. */
  panels?: ClassicPanel[];
}

export interface ClassicTarget {
  refId?: string;
  datasource?: SourceRef;
  /** PromQL or LogQL. */
  expr?: string;
  /** TraceQL. */
  query?: string;
  queryType?: string;
  interval?: string;
  exemplar?: boolean;
  instant?: boolean;
  limit?: number;
}

export interface ClassicVariable {
  name: string;
  type: string;
  query?: string | { query?: string };
  datasource?: SourceRef;
  current?: { value?: string | string[] };
  multi?: boolean;
  includeAll?: boolean;
  allValue?: string;
  regex?: string;
}

/** Every panel that shows something: rows left out, those in collapsed rows taken in. */
export function panelsOf(board: ClassicBoard): ClassicPanel[] {
  return (board.panels ?? []).flatMap((panel) => (panel.type === 'row' ? (panel.panels ?? []) : [panel]));
}

export function variablesOf(board: ClassicBoard): ClassicVariable[] {
  return board.templating?.list ?? [];
}
