/** The process cannot start until somebody changes something; the message says what, in a line or few. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
