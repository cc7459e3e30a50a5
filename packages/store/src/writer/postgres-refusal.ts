import pg from 'pg';

export interface Refusal {
  readonly field: string | undefined;
  readonly message: string;
}

/**
 * SQLSTATEs that are about the data at hand and stay so however often one tries: data exceptions, integrity
 * violations, an exception raised by a user's trigger, a value too large for an index, JSON nested too deep.
 */
const aboutTheRecord = /^(22|23|P0001|54000|54001)/;

/** What V8 says when a value is nested too deep, or too long, to be written as JSON. */
const beyondJson = /call stack|string length/;

/** Why Postgres refused a record; undefined when the error is about something else (connection, lock, disk…). */
export function postgresRefusal(error: unknown): Refusal | undefined {
  if (error instanceof RangeError && beyondJson.test(error.message)) {
    return { field: undefined, message: `The record cannot be written as JSON: ${error.message}` };
  }
  if (!(error instanceof pg.DatabaseError) || !aboutTheRecord.test(error.code ?? '')) return undefined;
  const field = error.column ?? error.constraint;
  // `detail` may quote the row's content, which belongs into the payload and not into messages.
  return { field, message: `Postgres refused the record (${error.code}): ${error.message}` };
}
