import pg from 'pg';

export interface Refusal {
  readonly field: string | undefined;
  readonly message: string;
  /** The same without anything of the record, for whoever may not see it. */
  readonly cause: string;
}

/**
 * SQLSTATEs that are about the data at hand and stay so however often one tries: data exceptions, integrity
 * violations, an exception raised by a user's trigger, a value too large for an index, JSON nested too deep.
 */
const aboutTheRecord = /^(22|23|P0001|54000|54001)/;

/**
 * SQLSTATEs that are about the table, whatever the record: it is gone or no longer ours to write, or a column or its
 * type is another.
 */
const aboutTheTable = /^(42P01|42703|42804|42883|42501|42P10|428C9)$/;

/** What V8 says when a value is nested too deep, or too long, to be written as JSON. */
const beyondJson = /call stack|string length/;

/** Why Postgres refused a record; undefined when the error is about something else (connection, lock, disk…). */
export function postgresRefusal(error: unknown): Refusal | undefined {
  if (error instanceof RangeError && beyondJson.test(error.message)) {
    const message = `The record cannot be written as JSON: ${error.message}`;
    return { field: undefined, message, cause: message };
  }
  if (!(error instanceof pg.DatabaseError) || !aboutTheRecord.test(error.code ?? '')) return undefined;
  const field = error.column ?? error.constraint;
  // `detail` may quote the row's content, which belongs into the payload and not into messages.
  return { field, message: `Postgres refused the record (${error.code}): ${error.message}`, cause: causeOf(error) };
}

/** SQLSTATE, and the column, constraint or trigger function that objects. The message itself may quote a value. */
function causeOf(error: pg.DatabaseError): string {
  const [, trigger] = /PL\/pgSQL function (\S+\([^)]*\)) line/.exec(error.where ?? '') ?? [];
  const objects = [error.column, error.constraint, trigger].filter((name) => name !== undefined);
  return [`SQLSTATE ${error.code}`, ...objects].join(', ');
}

/** Whether Postgres says that a statement does not fit the table any more. */
export function isTableRefusal(error: unknown): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError && aboutTheTable.test(error.code ?? '');
}
