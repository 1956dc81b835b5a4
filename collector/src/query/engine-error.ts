/**
 * An engine that was asked did not give an answer. `message` is for whoever asked the API and says what to do.
 * - `unavailable`: no connection, or it says it is not ready.
 * - `timeout`: it took longer than it may.
 * - `refused`: it does not take this question, as when the range is too long or too many series match.
 * - `failed`: anything else, such as an answer that cannot be read.
 */
export class EngineError extends Error {
  override name = 'EngineError';
  readonly kind: 'unavailable' | 'timeout' | 'refused' | 'failed';
  constructor(kind: EngineError['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}
