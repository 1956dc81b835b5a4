import type { ProcessorAccounting } from '#api/schemas/accounting.ts';
import { countItems } from './account-state.ts';

/** What processors dropped before the journals, in words, largest first; '' when nothing was. */
export function droppedText(processors: readonly ProcessorAccounting[]): string {
  return [...processors]
    .sort((a, b) => b.items - a.items)
    .map((dropped) => `${countItems(dropped.items, [dropped])} (${dropped.reason})`)
    .join(', ');
}
