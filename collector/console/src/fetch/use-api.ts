import { useEffect, useRef, useState } from 'preact/hooks';
import { useConsole } from '../state.ts';
import type { Failure } from './client.ts';

/** What a page knows of a request. Old data stays while new is on its way, so that nothing jumps. */
export interface Loaded<T> {
  data: T | undefined;
  failure: Failure | undefined;
  loading: boolean;
  /** Set while a person waits for it, not while it refreshes by itself. */
  asked: boolean;
  reload(): void;
  cancel(): void;
}

interface State<T> {
  data: T | undefined;
  failure: Failure | undefined;
  loading: boolean;
  asked: boolean;
}

const CANCELLED: Failure = { kind: 'network', status: 0, message: 'You cancelled this request.' };

/**
 * GETs `path` (null: nothing) and again when it changes, on refresh, and with `live` on every tick of the clock.
 * A tick never restarts a request that still runs; a changed path aborts the one before.
 */
export function useApi<T>(path: string | null, options: { live?: boolean } = {}): Loaded<T> {
  const { client, refresh } = useConsole();
  const [state, setState] = useState<State<T>>({
    data: undefined,
    failure: undefined,
    loading: path !== null,
    asked: true,
  });
  const running = useRef<AbortController | null>(null);

  async function start(asked: boolean): Promise<void> {
    running.current?.abort();
    if (path === null) return;
    const abort = new AbortController();
    running.current = abort;
    setState((before) => ({ ...before, loading: true, asked }));
    try {
      const outcome = await client.get<T>(path, abort.signal);
      if (abort.signal.aborted) return;
      setState((before) => ({
        data: outcome.ok ? outcome.data : before.data,
        failure: outcome.ok ? undefined : outcome.failure,
        loading: false,
        asked: false,
      }));
    } catch {
      return;
    } finally {
      if (running.current === abort) running.current = null;
    }
  }

  const asked = refresh.manual.value;
  const tick = options.live === true ? refresh.tick.value : 0;
  useEffect(() => {
    void start(true);
    return () => running.current?.abort();
  }, [path, asked]);
  useEffect(() => {
    if (tick > 0 && running.current === null) void start(false);
  }, [tick]);

  return {
    ...state,
    reload: () => void start(true),
    cancel: () => {
      running.current?.abort();
      setState((before) => ({ ...before, loading: false, asked: false, failure: CANCELLED }));
    },
  };
}
