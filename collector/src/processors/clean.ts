import type { Signal } from '#core/signal.ts';
import type { Edit } from '#otlp/rewrite.ts';
import { serviceOfGroup } from '#otlp/service-of-group.ts';
import { SPOT_STRIDE, type Spots } from '#otlp/spots.ts';
import type { ProcessorsConfig } from './config.ts';
import type { ContentMode } from './content/config.ts';
import { contentEdits } from './content/content-edits.ts';
import { createContentModes } from './content/content-mode.ts';
import type { ProcessorCounts } from './counts.ts';
import type { Redactor } from './redact/redactor.ts';

/** A checked request with what the check noted. */
export interface Noted {
  signal: Signal;
  bytes: Uint8Array;
  spots: Spots;
  groups: readonly number[];
}

/** The spots `from` to `to` of one resource group, and whose it is. */
export interface NotedGroup extends Noted {
  service: string;
  from: number;
  to: number;
}

/** Calls `visit` for each resource group that has spots; linear. */
export function forEachGroup(noted: Noted, visit: (group: NotedGroup) => void): void {
  const { bytes, groups, spots } = noted;
  let from = 0;
  for (let index = 0; index < groups.length && from < spots.length; index++) {
    const next = groups[index + 1] ?? bytes.length;
    let to = from;
    while (to < spots.length && spots[to + 2]! < next) to += SPOT_STRIDE;
    if (to > from) visit({ ...noted, service: serviceOfGroup(bytes, groups[index]!), from, to });
    from = to;
  }
}

/** Content modes and redaction: what becomes of the values that the check noted. */
export function createCleaner(
  config: ProcessorsConfig,
  deps: { redactor: Redactor; counts: ProcessorCounts },
): (noted: Noted) => Edit[] {
  const modes = createContentModes(config.content);

  /** Content is not said to be redacted where nothing is. */
  function modeOf(service: string): ContentMode {
    const mode = modes.modeOf(service);
    return mode === 'redacted' && !deps.redactor.isOn(service) ? 'full' : mode;
  }

  return (noted) => {
    const edits: Edit[] = [];
    forEachGroup(noted, (group) => {
      const { service, signal } = group;
      const content = contentEdits(group, () => modeOf(service));
      if (content.stripped > 0) {
        deps.counts.add(
          { processor: 'content', rule: 'metadata', action: 'stripped', service, signal },
          content.stripped,
        );
      }
      for (const edit of content.edits) edits.push(edit);
      for (const edit of deps.redactor.edits({ ...group, kept: content.kept })) edits.push(edit);
    });
    return edits;
  };
}
