import { useEffect, useRef } from 'preact/hooks';
import { useFiringCount } from '../alerts/use-firing-count.ts';
import { formatCount } from '../format/number.ts';
import { useConsole } from '../state.ts';
import { Icon, type IconName } from '../widgets/icon.tsx';

interface RailPage {
  path: string;
  label: string;
  icon: IconName;
  key: string;
}

const PAGES: readonly RailPage[] = [
  { path: '/services', label: 'Services', icon: 'services', key: 's' },
  { path: '/traces', label: 'Traces', icon: 'traces', key: 't' },
  { path: '/logs', label: 'Logs', icon: 'logs', key: 'l' },
  { path: '/metrics', label: 'Metrics', icon: 'metrics', key: 'm' },
  { path: '/alerts', label: 'Alerts', icon: 'alerts', key: 'a' },
  { path: '/processors', label: 'Processors', icon: 'processors', key: 'p' },
  { path: '/data', label: 'Data', icon: 'data', key: 'd' },
];
/** Others may not read them, so they are not offered them. */
const ADMIN_PAGES: readonly RailPage[] = [
  { path: '/keys', label: 'Keys', icon: 'keys', key: 'k' },
  { path: '/people', label: 'People', icon: 'people', key: 'u' },
  { path: '/audit', label: 'Audit', icon: 'audit', key: 'r' },
];

/** The pages. On a narrow screen it lies at the bottom. */
export function Rail() {
  const { location, session } = useConsole();
  const pages = session.value?.role === 'admin' ? [...PAGES, ...ADMIN_PAGES] : PAGES;
  const path = location.path.value === '/' ? '/services' : location.path.value;
  const firing = useFiringCount();
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    nav.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [path, pages.length]);
  const current = (page: string) => (path === page || path.startsWith(`${page}/`) ? 'page' : undefined);
  return (
    <nav ref={nav} class="rail" aria-label="Pages">
      <a class="rail-brand" href={location.to('/')}>
        <Icon name="brand" />
        <span>Signalbox</span>
      </a>
      {pages.map((page) => (
        <a
          key={page.path}
          class="rail-link"
          href={location.to(page.path)}
          title={`${page.label} (g ${page.key})`}
          aria-current={current(page.path)}
        >
          <Icon name={page.icon} />
          <span>{page.label}</span>
          {page.path === '/alerts' && firing > 0 && <FiringCount count={firing} />}
        </a>
      ))}
      <a class="rail-link rail-last" href={location.to('/send')} aria-current={current('/send')}>
        <Icon name="send" />
        <span>
          Send<span class="rail-more"> data</span>
        </span>
      </a>
    </nav>
  );
}

function FiringCount({ count }: { count: number }) {
  return (
    <span class="rail-count" title={`${formatCount(count)} firing`} data-testid="firing-count">
      {count > 99 ? '99+' : count}
      <span class="unseen"> firing</span>
    </span>
  );
}
