import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { AlertsPage } from './alerts/alerts-page.tsx';
import { AuditPage } from './audit/audit-page.tsx';
import { DataPage } from './data/data-page.tsx';
import { KeysPage } from './keys/keys-page.tsx';
import { LogsPage } from './logs/logs-page.tsx';
import { MetricPage } from './metrics/metric-page.tsx';
import { MetricsPage } from './metrics/metrics-page.tsx';
import { PeoplePage } from './people/people-page.tsx';
import { ProcessorsPage } from './processors/processors-page.tsx';
import { ServicePage } from './services/service-page.tsx';
import { ServicesPage } from './services/services-page.tsx';
import { HelpDialog } from './shell/help-dialog.tsx';
import { MissingPage } from './shell/missing-page.tsx';
import { Rail } from './shell/rail.tsx';
import { TopBar } from './shell/top-bar.tsx';
import { useSession } from './shell/use-session.ts';
import { useConsole } from './state.ts';
import { TracePage } from './traces/trace-page.tsx';
import { TracesPage } from './traces/traces-page.tsx';
import type { Route } from './url/route.ts';
import { SendPage } from './welcome/send-page.tsx';

/** The whole console: the rail, the top bar and the page that the address names. */
export function App() {
  const { location } = useConsole();
  useSession();
  const route = location.route.value;
  useEffect(() => {
    document.title = `${titleOf(route)} · Signalbox`;
  }, [route]);
  return (
    <div class="shell">
      <a class="skip-link" href="#content">
        Skip to content
      </a>
      <Rail />
      <TopBar />
      <main id="content" tabIndex={-1}>
        {pageOf(route)}
      </main>
      <HelpDialog />
    </div>
  );
}

// The key gives each named thing a page of its own, so that one's data is never shown under another's name.
function pageOf(route: Route): JSX.Element {
  switch (route.page) {
    case 'services':
      return <ServicesPage />;
    case 'service':
      return <ServicePage key={route.service} service={route.service} />;
    case 'traces':
      return <TracesPage />;
    case 'trace':
      return <TracePage key={route.traceId} traceId={route.traceId} />;
    case 'logs':
      return <LogsPage />;
    case 'metrics':
      return <MetricsPage />;
    case 'metric':
      return <MetricPage key={route.name} name={route.name} />;
    case 'alerts':
      return <AlertsPage />;
    case 'processors':
      return <ProcessorsPage />;
    case 'data':
      return <DataPage />;
    case 'keys':
      return <KeysPage />;
    case 'people':
      return <PeoplePage />;
    case 'audit':
      return <AuditPage />;
    case 'send':
      return <SendPage />;
    case 'missing':
      return <MissingPage />;
  }
}

function titleOf(route: Route): string {
  switch (route.page) {
    case 'service':
      return route.service;
    case 'trace':
      return `Trace ${route.traceId.slice(0, 8)}`;
    case 'metric':
      return route.name;
    case 'send':
      return 'Send data';
    case 'missing':
      return 'Not found';
    default:
      return route.page.charAt(0).toUpperCase() + route.page.slice(1);
  }
}
