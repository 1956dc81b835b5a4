import { useEffect, useRef, useState } from 'preact/hooks';
import type { LogRecord, TailDropped } from '#api/schemas/logs.ts';
import { parseExact } from '../fetch/exact-json.ts';
import { EMPTY_TAIL, releaseLines, type TailLines, takeLines } from './tail-buffer.ts';

/** Lines are drawn in batches: a busy tail must not redraw for each. Milliseconds. */
const FLUSH_MS = 200;

export type TailState = 'connecting' | 'open' | 'lost';

export interface Tail extends TailLines {
  state: TailState;
  release(): void;
}

/** Follows `/api/v1/logs/tail` (null: not). While `held`, lines wait instead of moving what is read. */
export function useTail(query: string | null, held: boolean): Tail {
  const [lines, setLines] = useState<TailLines>(EMPTY_TAIL);
  const [state, setState] = useState<TailState>('connecting');
  const heldNow = useRef(held);
  heldNow.current = held;
  useEffect(() => {
    setLines(EMPTY_TAIL);
    if (query === null) return;
    setState('connecting');
    let incoming: LogRecord[] = [];
    const source = new EventSource(`/api/v1/logs/tail?${query}`);
    source.addEventListener('open', () => setState('open'));
    source.addEventListener('error', () => setState('lost'));
    source.addEventListener('log', (event) => {
      incoming.push(parseExact(event.data) as LogRecord);
    });
    source.addEventListener('dropped', (event) => {
      const { count } = JSON.parse(event.data) as TailDropped;
      setLines((before) => ({ ...before, dropped: before.dropped + count }));
    });
    const timer = setInterval(() => {
      if (incoming.length === 0) return;
      const batch = incoming;
      incoming = [];
      setLines((before) => takeLines(before, batch, { held: heldNow.current }));
    }, FLUSH_MS);
    return () => {
      clearInterval(timer);
      source.close();
    };
  }, [query]);
  return { ...lines, state, release: () => setLines((before) => releaseLines(before)) };
}
