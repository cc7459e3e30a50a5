/** A request to the receiver: exactly these bytes. */
export interface Letter {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** Sends it. The answer's status, or null when none came in time: that is the receiver's affair, and no error here. */
export async function post(
  url: string,
  { body, headers }: Letter,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<number | null> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      // Its own copy: fetch detaches what it is given in some versions of Node.
      body: new Uint8Array(body),
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return null;
  }
}

export function isAccepted(status: number | null): boolean {
  return status !== null && status >= 200 && status < 300;
}
