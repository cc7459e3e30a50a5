/** What a process ends with; docs/operations.md has the table. */
export const exitCodes = { needsSomebody: 2, olderThanDatabase: 4 } as const;

/** The process cannot start until somebody changes something; the message says what, in a line or few. */
export class StartError extends Error {
  override readonly name = 'StartError';
  /** 2, unless the reason has one of its own. */
  readonly exitCode: number;

  constructor(message: string, options: ErrorOptions & { readonly exitCode?: number } = {}) {
    super(message, options);
    this.exitCode = options.exitCode ?? exitCodes.needsSomebody;
  }
}
