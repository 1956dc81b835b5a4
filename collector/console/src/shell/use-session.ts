import { useEffect } from 'preact/hooks';
import type { SessionResponse } from '#api/schemas/session.ts';
import { useApi } from '../fetch/use-api.ts';
import { useConsole } from '../state.ts';

/** Finds out who is logged in, at the start and whenever somebody refreshes. */
export function useSession(): void {
  const { session } = useConsole();
  const { data } = useApi<SessionResponse>('/api/v1/session');
  useEffect(() => {
    if (data !== undefined) session.value = data;
  }, [data]);
}
