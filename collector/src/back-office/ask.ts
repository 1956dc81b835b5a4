/** Questions over a message channel: each has a number, and an answer that may come in any order. */
export interface Asking<Answer> {
  ask(send: (id: number) => void): Promise<Answer>;
  answer(id: number, answer: Answer): void;
  /** Gives all open questions this answer: the other side is gone. */
  answerAll(answer: Answer): void;
}

export function createAsking<Answer>(): Asking<Answer> {
  const open = new Map<number, (answer: Answer) => void>();
  let lastId = 0;
  return {
    ask(send) {
      const id = ++lastId;
      return new Promise((resolve) => {
        open.set(id, resolve);
        send(id);
      });
    },
    answer(id, answer) {
      open.get(id)?.(answer);
      open.delete(id);
    },
    answerAll(answer) {
      for (const resolve of open.values()) resolve(answer);
      open.clear();
    },
  };
}
