import { useConsole } from '../state.ts';
import { CopyButton } from '../widgets/copy-button.tsx';
import { Notice } from '../widgets/notice.tsx';
import { receiverSnippet } from './receiver-snippet.ts';

/** Nothing was ever told: how alerts get here. */
export function NoAlertsYet() {
  const code = receiverSnippet(window.location.origin);
  return (
    <div data-testid="alerts-empty">
      <Notice
        title="No alert has arrived yet"
        detail="This process evaluates no rules by itself. In the stack, Prometheus evaluates rules and Alertmanager tells what fires here. Any Alertmanager does so with this receiver:"
      >
        <div class="alert-receiver">
          <pre>
            <code>{code}</code>
          </pre>
          <CopyButton text={code} label="Copy the receiver" caption="Copy" />
        </div>
      </Notice>
    </div>
  );
}

/** There are alerts, and none that fits. */
export function NoAlertFits() {
  const { location } = useConsole();
  return (
    <Notice title="No alert fits" detail="All words must be in the labels or annotations of one alert.">
      <a class="button" href={location.to('/alerts')}>
        Show all
      </a>
    </Notice>
  );
}
