/** It cannot be begun until somebody changes something; the message says what. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}

/** `close` was called before the end. What was under way is safe and goes on where it is: with the next program or worker. */
export class ClosedError extends Error {
  override readonly name = 'ClosedError';
}
