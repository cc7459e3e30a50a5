import { SyncError } from '@syncline/connector-kit';
import { type Call, describe } from '../call.js';

// What OpenSSL and Node call a certificate that does not convince. None of them passes by itself within a minute.
const certificate =
  /^(CERT_|ERR_TLS_CERT_|UNABLE_TO_|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED_CERT|INVALID_CA|INVALID_PURPOSE|HOSTNAME_MISMATCH|PATH_LENGTH_EXCEEDED|CRL_|ERROR_IN_CERT_)/;
const timeout = /^(UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT|ETIMEDOUT)$/;

const reasons: Readonly<Record<string, string>> = {
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'truncated',
  HPE_INVALID_EOF_STATE: 'truncated',
  UND_ERR_DESTROYED: 'closed',
  UND_ERR_CLOSED: 'closed',
};

// Neither a certificate nor a TLS version gets better by asking again, and a closed road stays closed.
const lastingReasons: ReadonlySet<unknown> = new Set(['certificate', 'tls', 'closed']);

/** Whether the next attempt would end like this one: so there is none, and the vendor's health is not to blame. */
export function isLasting(error: SyncError): boolean {
  return lastingReasons.has(error.details.reason);
}

/**
 * What went wrong with an exchange, in the catalogue's terms. The original error is not kept as the cause: undici's may
 * hold a part of the answer.
 */
export function classifyFailure(error: unknown, call: Call): unknown {
  if (call.signal?.aborted && error === call.signal.reason) return error;
  if (error instanceof SyncError) return withCall(error, call);
  const code = codeOf(error);
  // Without a code it is no failure of the network, but a mistake of ours: it shall show as one.
  if (code === undefined) return error;

  const details = { ...describe(call), errno: code };
  if (code === 'UND_ERR_INVALID_ARG') {
    return new SyncError('CONNECTION_SETTINGS_INVALID', 'A header or the address of the request is malformed', {
      details,
    });
  }
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return new SyncError('UPSTREAM_TOO_LARGE', undefined, { details });
  if (timeout.test(code)) return new SyncError('UPSTREAM_TIMEOUT', undefined, { details });
  return new SyncError('UPSTREAM_UNREACHABLE', undefined, { details: { ...details, reason: reasonOf(code) } });
}

function reasonOf(code: string): string {
  if (certificate.test(code)) return 'certificate';
  if (code.startsWith('ERR_SSL_')) return 'tls';
  if (code.startsWith('HPE_')) return reasons[code] ?? 'protocol';
  return reasons[code] ?? 'network';
}

/** Adds which call it was, where a part of the road did not know. */
function withCall(error: SyncError, call: Call): SyncError {
  if ('method' in error.details) return error;
  return new SyncError(error.code, error.message, {
    details: { ...describe(call), ...error.details },
    ...(error.resumeAt && { resumeAt: error.resumeAt }),
  });
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  if (typeof error.code === 'string') return error.code;
  // What is not HTTP at all gets no code from undici's parser.
  return error.name === 'HTTPParserError' ? 'HPE_UNKNOWN' : undefined;
}
