/**
 * A mistake of the operator (port taken, folder not writable, bad configuration): `message` says what to do.
 * main prints the message alone, without a stack, and exits 1.
 */
export class OperatorError extends Error {
  override name = 'OperatorError';
}

/** A query took longer than it may, or whoever asked went away. */
export class InterruptedError extends Error {
  override name = 'InterruptedError';
}
