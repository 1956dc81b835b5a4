import { useEffect } from 'preact/hooks';
import type { AlertsResponse } from '#api/schemas/alerts.ts';
import { useApi } from '../fetch/use-api.ts';
import { useConsole } from '../state.ts';

const AGAIN_MS = 30_000;

/** How many alerts fire; kept up to date also while the range is paused or in the past, since alerts fire now. */
export function useFiringCount(): number {
  const { live } = useConsole();
  const { data, reload } = useApi<AlertsResponse>('/api/v1/alerts?state=firing&limit=1', { live: true });
  useEffect(() => {
    const timer = setInterval(() => {
      if (!live.value && document.visibilityState === 'visible') reload();
    }, AGAIN_MS);
    return () => clearInterval(timer);
  }, []);
  return data?.counts.firing ?? 0;
}
