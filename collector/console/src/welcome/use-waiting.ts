import { useEffect, useState } from 'preact/hooks';
import type { StatusResponse } from '#api/schemas/status.ts';
import { useConsole } from '../state.ts';

const POLL_MS = 2000;

export interface Waiting {
  status: StatusResponse | undefined;
  /** No app has sent anything yet. */
  nothingYet: boolean;
}

/** Asks for the status, and every 2 s again for as long as no app has sent anything. */
export function useWaiting(): Waiting {
  const { client } = useConsole();
  const [status, setStatus] = useState<StatusResponse>();
  useEffect(() => {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    async function poll(): Promise<void> {
      try {
        const outcome = await client.get<StatusResponse>('/api/v1/status', abort.signal);
        if (abort.signal.aborted) return;
        if (outcome.ok) setStatus(outcome.data);
        if (!outcome.ok || isEmpty(outcome.data)) timer = setTimeout(() => void poll(), POLL_MS);
      } catch {
        return;
      }
    }
    void poll();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, []);
  return { status, nothingYet: status !== undefined && isEmpty(status) };
}

function isEmpty({ received }: StatusResponse): boolean {
  return received.traces + received.metrics + received.logs === 0;
}
