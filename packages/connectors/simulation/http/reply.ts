/** Headers of an answer, names in lower case. */
export type ReplyHeaders = Readonly<Record<string, string>>;

/** An answer before it is sent: one body, or blocks of it made while they are sent. */
export interface Reply {
  status: number;
  headers: ReplyHeaders;
  body: Buffer | Iterable<Buffer>;
}

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' } as const;

/** An answer of JSON text that is rendered already. */
export function rendered(body: Buffer | Iterable<Buffer>, status = 200): Reply {
  return { status, headers: JSON_TYPE, body };
}

/** An answer that is rendered here. */
export function json(value: unknown, status = 200, headers: ReplyHeaders = {}): Reply {
  return { status, headers: { ...JSON_TYPE, ...headers }, body: Buffer.from(JSON.stringify(value)) };
}

/** A refusal in the vendor's style. Thrown from anywhere below the router, sent by it. */
export class Refusal extends Error {
  readonly reply: Reply;

  constructor(status: number, body: unknown, headers: ReplyHeaders = {}) {
    super(`refused with ${status}`);
    this.reply = json(body, status, headers);
  }
}

/** A refusal that names the parameter at fault. */
export function badParameter(name: string, value: string): Refusal {
  return new Refusal(400, {
    Message: 'The request is invalid.',
    ModelState: { [name]: [`The value '${value}' is not valid for ${name}.`] },
  });
}
