import { useEffect, useRef, useState } from 'preact/hooks';
import { useConsole } from '../state.ts';
import type { Change, Failure } from './client.ts';

interface State<T> {
  data: T | undefined;
  failure: Failure | undefined;
  busy: boolean;
}

/** What a form or a button knows of the change it asked for. */
export interface Changing<T> extends State<T> {
  /** `onDone` gets the answer of a change that was made. */
  send(change: Change, onDone?: (data: T) => void): void;
  /** Forgets the answer, and the request if it is still under way. */
  clear(): void;
}

const NOTHING = { data: undefined, failure: undefined, busy: false };

/** Sends one change at a time; a new one aborts the one before. */
export function useChange<T>(): Changing<T> {
  const { client } = useConsole();
  const [state, setState] = useState<State<T>>(NOTHING);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  async function send(change: Change, onDone?: (data: T) => void): Promise<void> {
    running.current?.abort();
    const abort = new AbortController();
    running.current = abort;
    setState({ ...NOTHING, busy: true });
    try {
      const outcome = await client.send<T>(change, abort.signal);
      if (abort.signal.aborted) return;
      setState(outcome.ok ? { ...NOTHING, data: outcome.data } : { ...NOTHING, failure: outcome.failure });
      if (outcome.ok) onDone?.(outcome.data);
    } catch {
      return;
    }
  }

  return {
    ...state,
    send: (change, onDone) => void send(change, onDone),
    clear() {
      running.current?.abort();
      setState(NOTHING);
    },
  };
}
