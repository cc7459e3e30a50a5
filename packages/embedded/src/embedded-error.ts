/**
 * The embedded services could not be brought up. `message` says what went wrong, `hint` what the
 * reader can do about it: what to install, or which variable to set instead.
 */
export class EmbeddedError extends Error {
  override readonly name = 'EmbeddedError';
  readonly hint: string;

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.hint = hint;
  }
}
