/** Who sends, as its key says. */
export interface Sender {
  /** Whose data it is, for routing, limits and accounting; '' for the default. */
  tenant: string;
  /** The id of its key, never the key; '' for a sender without one. */
  keyId: string;
}

export const ANONYMOUS: Sender = Object.freeze({ tenant: '', keyId: '' });

/** What a sender shows of itself: values of HTTP headers or gRPC metadata, as they came. */
export interface Credentials {
  authorization: string | undefined;
  apiKey: string | undefined;
}

/**
 * `unauthenticated`: no key, or none that is good; HTTP 401, gRPC UNAUTHENTICATED. `too_much`: over the limits of its
 * key; HTTP 429 with Retry-After, gRPC RESOURCE_EXHAUSTED with RetryInfo, both repeated by senders (OTLP 1.11, "Failures").
 */
export type Admission =
  | { kind: 'admitted'; sender: Sender }
  | { kind: 'unauthenticated'; message: string }
  | { kind: 'too_much'; sender: Sender; message: string; retryAfterSeconds: number };

/** Decides who may send. Asked by receivers with nothing but the head of a request. */
export interface Gate {
  /** `bytes` as declared, 0 when the sender does not say. Never waits, never throws. */
  admit(credentials: Credentials, bytes: number): Admission;
  /** Told once per admitted request after it was answered: what it brought, `bytes` as they came over the wire. */
  charge(sender: Sender, brought: { items: number; bytes: number; isAccepted: boolean }): void;
}

/** Lets everybody in. */
export const OPEN_GATE: Gate = Object.freeze({
  admit: () => ({ kind: 'admitted' as const, sender: ANONYMOUS }),
  charge: () => {},
});
