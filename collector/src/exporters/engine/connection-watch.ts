import type { Socket } from 'node:net';
import type { PostResult } from '../http/post.ts';

type Answer = Extract<PostResult, { kind: 'answer' }>;

export interface ConnectionWatch {
  /**
   * True once the connection of this answer has stayed open for the whole time: the process behind it has lived that long.
   * False as soon as it closes, which the end of a process does at once. A server that announced to close it is believed.
   */
  staysOpen(answer: Answer): Promise<boolean>;
  /** Answers false to all that wait. */
  close(): void;
}

type End = (isOpen: boolean) => void;

/** `ms`: how long. One listener for each connection, however many answers wait. */
export function createConnectionWatch(ms: number): ConnectionWatch {
  const waiting = new Map<Socket, Set<End>>();

  function endsOf(connection: Socket): Set<End> {
    const known = waiting.get(connection);
    if (known !== undefined) return known;
    const ends = new Set<End>();
    waiting.set(connection, ends);
    connection.once('close', () => {
      waiting.delete(connection);
      for (const end of ends) end(false);
    });
    return ends;
  }

  return {
    staysOpen({ connection, headers }) {
      if (headers.connection?.toLowerCase() === 'close') {
        // It lived until now, and what follows is its own choice.
        for (const end of [...(waiting.get(connection) ?? [])]) end(true);
        return Promise.resolve(true);
      }
      if (connection.destroyed) return Promise.resolve(false);
      const ends = endsOf(connection);
      const { promise, resolve } = Promise.withResolvers<boolean>();
      // After a standstill of this process timers come before what the connection has to tell.
      const look = () => end(!connection.destroyed && !connection.readableEnded);
      const timer = setTimeout(() => setImmediate(look), ms);
      const end: End = (isOpen) => {
        clearTimeout(timer);
        ends.delete(end);
        resolve(isOpen);
      };
      ends.add(end);
      return promise;
    },
    close() {
      for (const ends of waiting.values()) for (const end of [...ends]) end(false);
    },
  };
}
