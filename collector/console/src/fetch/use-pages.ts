import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { useConsole } from '../state.ts';
import type { Failure } from './client.ts';
import { type Loaded, useApi } from './use-api.ts';

interface PagesConfig<R, T> {
  path: string;
  itemsOf: (response: R) => readonly T[];
  keyOf: (item: T) => string;
  live?: boolean;
}

export interface Pages<R, T> {
  first: Loaded<R>;
  items: readonly T[];
  more: {
    /** Null when the last page is here. */
    cursor: string | null;
    pages: number;
    loading: boolean;
    failure: Failure | undefined;
    load(): void;
  };
}

interface Older<T> {
  items: readonly T[];
  cursor: string | null;
  pages: number;
}

/**
 * A list that comes page by page. Refreshing by itself stops once older pages are shown, for the list would jump;
 * an item that both pages have is shown once.
 */
export function usePages<R extends { nextCursor: string | null }, T>(config: PagesConfig<R, T>): Pages<R, T> {
  const { client } = useConsole();
  const [older, setOlder] = useState<Older<T> | null>(null);
  const [loading, setLoading] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const abort = useRef<AbortController | null>(null);
  const first = useApi<R>(config.path, { live: config.live === true && older === null });
  useEffect(() => {
    setOlder(null);
    setFailure(undefined);
    setLoading(false);
    return () => abort.current?.abort();
  }, [first.data, config.path]);

  const items = useMemo(() => {
    const firstItems = first.data === undefined ? [] : config.itemsOf(first.data);
    return older === null ? firstItems : withoutRepeats([...firstItems, ...older.items], config.keyOf);
  }, [first.data, older]);
  const cursor = older === null ? (first.data?.nextCursor ?? null) : older.cursor;

  async function load(): Promise<void> {
    if (cursor === null || loading) return;
    const controller = new AbortController();
    abort.current = controller;
    setLoading(true);
    try {
      const path = `${config.path}&cursor=${encodeURIComponent(cursor)}`;
      const outcome = await client.get<R>(path, controller.signal);
      if (controller.signal.aborted) return;
      setLoading(false);
      setFailure(outcome.ok ? undefined : outcome.failure);
      if (!outcome.ok) return;
      const { data } = outcome;
      setOlder((before) => ({
        items: [...(before?.items ?? []), ...config.itemsOf(data)],
        cursor: data.nextCursor,
        pages: (before?.pages ?? 1) + 1,
      }));
    } catch {
      return;
    }
  }

  return {
    first,
    items,
    more: { cursor, pages: older?.pages ?? 1, loading, failure, load: () => void load() },
  };
}

function withoutRepeats<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    const key = keyOf(item);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
