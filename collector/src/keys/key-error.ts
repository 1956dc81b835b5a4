import { OperatorError } from '#core/errors.ts';

/** Why something about keys cannot be done; `message` says what to do instead. */
export class KeyError extends OperatorError {
  override name = 'KeyError';
  readonly reason: 'invalid' | 'not_found' | 'exists' | 'full' | 'unavailable';
  /** Which value is wrong; '' when none is. */
  readonly param: string;

  constructor(reason: KeyError['reason'], message: string, param = '') {
    super(message);
    this.reason = reason;
    this.param = param;
  }
}
