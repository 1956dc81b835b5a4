import { type Changing, useChange } from './use-change.ts';

/** What a form knows of what it sent. */
export interface Posted<T> extends Omit<Changing<T>, 'send'> {
  send(body: object): void;
}

/** POSTs to `path` when asked; a new question aborts the one before. */
export function usePost<T>(path: string): Posted<T> {
  const { send, ...rest } = useChange<T>();
  return { ...rest, send: (body) => send({ method: 'POST', path, body }) };
}
