import { countOf, formatCount } from '../format/number.ts';
import { Icon } from '../widgets/icon.tsx';
import type { Tail } from './use-tail.ts';

interface TailBarProps {
  tail: Tail;
  paused: boolean;
  /** Paused, or scrolled away from the top: lines wait. */
  held: boolean;
  onPause: (paused: boolean) => void;
  onCatchUp: () => void;
}

/** The state of the live tail in words: following, paused, waiting lines, lost lines. */
export function TailBar({ tail, paused, held, onPause, onCatchUp }: TailBarProps) {
  const waiting = tail.waiting.length;
  return (
    <div class="tail-bar" role="status" data-testid="tail-bar">
      <button type="button" class="button small" aria-pressed={paused} onClick={() => onPause(!paused)}>
        <Icon name={paused ? 'play' : 'pause'} />
        {paused ? 'Resume' : 'Pause'}
      </button>
      <span>{stateText(tail, paused, held)}</span>
      {waiting > 0 && (
        <button type="button" class="button small primary" onClick={onCatchUp}>
          Show {countOf(waiting, 'new line')}
        </button>
      )}
      {tail.dropped > 0 && (
        <span class="is-warning">
          ◆ {formatCount(tail.dropped)} not shown here: they came faster than they could be sent or kept. They
          are stored; reload the list to see them.
        </span>
      )}
      {tail.forgotten > 0 && (
        <span class="muted">{formatCount(tail.forgotten)} older lines left this list.</span>
      )}
    </div>
  );
}

function stateText(tail: Tail, paused: boolean, held: boolean): string {
  if (tail.state === 'lost') return 'Connection lost; trying again…';
  if (tail.state === 'connecting') return 'Connecting…';
  if (paused) return 'Paused';
  return held ? 'Holding still while you read' : 'Following';
}
