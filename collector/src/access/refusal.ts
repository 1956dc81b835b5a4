/** Why something about users or tokens cannot be done; `message` says it to people. */
export class AccessError extends Error {
  override name = 'AccessError';
  readonly reason: 'invalid' | 'not_found' | 'exists' | 'full';
  /** Which value is wrong; '' when none is. */
  readonly param: string;

  constructor(reason: AccessError['reason'], message: string, param = '') {
    super(message);
    this.reason = reason;
    this.param = param;
  }
}
