import type { ProcessorAccounting } from '#api/schemas/accounting.ts';
import { useConsole } from '../state.ts';
import { droppedText } from './dropped.ts';

/** What was received and is in no account, because processors dropped it. */
export function DroppedLine({ processors }: { processors: readonly ProcessorAccounting[] }) {
  const { location } = useConsole();
  const text = droppedText(processors);
  if (text === '') return null;
  return (
    <p class="muted" data-testid="dropped-line">
      Received and left out before the journal since the start of the process: {text}.{' '}
      <a href={location.to('/processors', { processor: 'sample' })}>Processors</a>
    </p>
  );
}
