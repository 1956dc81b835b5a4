import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  CustomVariableBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  TextBoxVariableBuilder,
  VariableHide,
  type VariableModel,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { SOURCES, type SourceName, sourceRef } from './sources.ts';

export type Variable = Builder<VariableModel>;

/** Data sources as variables with fixed defaults; hidden, since the stack has one of each. */
export function sourceVariables(): Variable[] {
  return (Object.keys(SOURCES) as SourceName[]).map((source) => {
    const { name, type, uid } = SOURCES[source];
    return new DatasourceVariableBuilder(source)
      .label(name)
      .type(type)
      .current({ selected: true, text: name, value: uid })
      .hide(VariableHide.HideVariable);
  });
}

export interface LabelVariable {
  name: string;
  label: string;
  /** As in `label_values(target_info, service_name)`; may use the variables before it. */
  query: string;
  /**
   * The expression that All stands for: `.*` also takes series without the label, `..*` does not. It must have no
   * plus sign: in a link that would be read as a space.
   */
  all: '.*' | '..*';
}

/** Values of a label in Prometheus, several at a time, all of them by default. */
export function labelVariable({ name, label, query, all }: LabelVariable): Variable {
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource(sourceRef('prometheus'))
    .query({ query, refId: `variable-${name}`, qryType: 1 })
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue(all)
    .current({ selected: true, text: ['All'], value: ['$__all'] });
}

/** One of a few fixed values; the first is the default unless another is named. */
export function choiceVariable(
  name: string,
  label: string,
  choice: { values: string[]; initial?: string },
): Variable {
  const initial = choice.initial ?? choice.values[0] ?? '';
  return new CustomVariableBuilder(name)
    .label(label)
    .values(choice.values.join(','))
    .options(choice.values.map((value) => ({ selected: value === initial, text: value, value })))
    .current({ selected: true, text: initial, value: initial });
}

/** Where the console is, as the reader's browser reaches it: Grafana cannot know. */
export function consoleVariable(): Variable {
  const address = 'http://127.0.0.1:8080';
  return new TextBoxVariableBuilder('console')
    .label('Console')
    .description('Address of the console, for the links to it')
    .defaultValue(address)
    .current({ selected: true, text: address, value: address });
}
