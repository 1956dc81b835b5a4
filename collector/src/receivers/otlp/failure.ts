/**
 * Why a request goes no further, before a transport puts it in its own words. OTLP 1.11, "Failures": senders repeat
 * `unavailable` and `too_much`, which carry a wait; everything else they drop.
 */
export interface Failure {
  kind:
    | 'malformed'
    | 'misframed'
    | 'unsupported'
    | 'too_large'
    | 'too_slow'
    | 'unauthenticated'
    | 'too_much'
    | 'unavailable';
  message: string;
  /** Whole seconds; makes the answer one that senders repeat. */
  retryAfterSeconds?: number;
}

export function malformed(message: string): Failure {
  return { kind: 'malformed', message };
}

export function tooLarge(maxBytes: number): Failure {
  const message = `the body is larger than ${maxBytes} bytes, as sent or after decompression; send smaller batches`;
  return { kind: 'too_large', message };
}

export function tooSlow(timeoutMs: number): Failure {
  return { kind: 'too_slow', message: `the body was not complete after ${timeoutMs} ms` };
}

export const STOPPING: Failure = {
  kind: 'unavailable',
  message: 'the receiver is stopping',
  retryAfterSeconds: 5,
};

/** A fault of ours that says nothing about the data, so the sender may try again. */
export const FAULT: Failure = { kind: 'unavailable', message: 'internal fault', retryAfterSeconds: 5 };
