import type { AccountingResponse } from '#api/schemas/accounting.ts';
import { useConsole } from '../state.ts';
import { Icon } from '../widgets/icon.tsx';
import { verdictOf } from './verdict.ts';

/** The whole page in one line, when nothing is wrong. */
export function VerdictLine({ report }: { report: AccountingResponse }) {
  const { location } = useConsole();
  const { detail, kind, text } = verdictOf(report);
  return (
    <p class={`verdict is-${kind}`} data-testid="data-verdict" data-verdict={kind}>
      <Icon name={kind === 'well' ? 'check' : 'clock'} />
      <span>
        <span class="strong" role="status">
          {text}
        </span>{' '}
        {kind === 'nothing' ? (
          <a href={location.to('/send')}>How to send data</a>
        ) : (
          <span class="muted">· {detail}</span>
        )}
      </span>
    </p>
  );
}
