import { useEffect, useRef, useState } from 'preact/hooks';
import { useConsole } from '../state.ts';
import type { Failure } from './client.ts';

interface State<T> {
  data: T | undefined;
  failure: Failure | undefined;
  busy: boolean;
}

/** What a form knows of what it sent. */
export interface Posted<T> extends State<T> {
  send(body: object): void;
  /** Forgets the answer, and the question if it is still under way. */
  clear(): void;
}

const NOTHING = { data: undefined, failure: undefined, busy: false };

/** POSTs to `path` when asked; a new question aborts the one before. */
export function usePost<T>(path: string): Posted<T> {
  const { client } = useConsole();
  const [state, setState] = useState<State<T>>(NOTHING);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  async function send(body: object): Promise<void> {
    running.current?.abort();
    const abort = new AbortController();
    running.current = abort;
    setState({ ...NOTHING, busy: true });
    try {
      const outcome = await client.post<T>(path, body, abort.signal);
      if (abort.signal.aborted) return;
      setState(outcome.ok ? { ...NOTHING, data: outcome.data } : { ...NOTHING, failure: outcome.failure });
    } catch {
      return;
    }
  }

  return {
    ...state,
    send: (body) => void send(body),
    clear() {
      running.current?.abort();
      setState(NOTHING);
    },
  };
}
