import type { Signal } from './signal.ts';

/** Something to be shown what processors would make of it; nothing of it is kept. */
export interface TryOutInput {
  /** An export request in OTLP/JSON, or any other text. */
  text: string;
  /** Whose it is, for text; `unknown_service` when ''. */
  service: string;
  /** The attribute that has the text as its value; the body of a log record when ''. */
  key: string;
}

export interface TryOutChange {
  processor: string;
  rule: string;
  action: string;
  count: number;
}

export type TryOutResult =
  | {
      ok: true;
      /** null for plain text. */
      signal: Signal | null;
      /** What went in and what comes out, in the same form, so that they can be compared; '' when nothing is left. */
      before: string;
      after: string;
      changes: TryOutChange[];
      /** What a sender would be told; '' for nothing. */
      warning: string;
    }
  | { ok: false; message: string };
