import type { AccountingResponse, WarningAccounting } from '#api/schemas/accounting.ts';
import { countItems } from './account-state.ts';
import type { Problem } from './problem.ts';

/** What makes SDKs send totals; the OpenTelemetry specification, "OTLP exporter" of the metrics SDK. */
const CUMULATIVE = 'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE=cumulative';
const MAX_NAMES = 5;

/** What was accepted and may be lost behind the 200 of a destination, so that no account shows it. */
export function warningProblems({ warnings }: AccountingResponse): Problem[] {
  return warnings.map(deltaProblem);
}

function deltaProblem({ lastAt, points, services }: WarningAccounting): Problem {
  const items = countItems(points, [{ signal: 'metrics' }]);
  return {
    kind: 'delta-temporality',
    tone: 'warning',
    subject: 'prometheus',
    title: `${namesText(services)} ${services.length === 1 ? 'sends' : 'send'} metrics of which Prometheus may lose some`,
    why: `${items} came with delta temporality: each says how much was added since the one before, not how much there is in all. Prometheus adds them up in memory. It begins anew when it restarts or when none came for 5 minutes, and drops late ones without telling anyone.`,
    todo: 'Set this in the environment of the sender, and restart it:',
    command: CUMULATIVE,
    lastAt,
  };
}

/** `shop`, `shop and stock`, `shop, stock and 3 more`. */
function namesText(names: readonly string[]): string {
  const shown = names.length > MAX_NAMES ? names.slice(0, MAX_NAMES - 1) : names;
  const rest = names.length - shown.length;
  const parts = rest > 0 ? [...shown, `${rest} more`] : shown;
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
