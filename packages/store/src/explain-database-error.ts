import pg from 'pg';

const refusedCertificate =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(GET_ISSUER_CERT|VERIFY_LEAF)\w*|CERT_\w+|ERR_TLS_CERT_ALTNAME_INVALID)$/;

/**
 * What to change, where Postgres cannot be connected to and will not by itself: certificates, passwords, names; undefined
 * for other errors. Holds no secret.
 */
export function explainDatabaseError(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code = '', syscall, path } = error as NodeJS.ErrnoException;
  const { message } = error;
  if (refusedCertificate.test(code)) {
    return `Postgres' certificate is refused (${message}): name the authority that signed it in DATABASE_URL (sslrootcert=/path/ca.pem), and the host that it is for.`;
  }
  if (message === 'The server does not support SSL connections') {
    return 'Postgres does not offer TLS, which DATABASE_URL asks for: take sslmode out of it, or switch TLS on there.';
  }
  if (/no pg_hba.conf entry.*no encryption/.test(message)) {
    return `Postgres takes connections over TLS only (${message}): add sslmode=verify-full to DATABASE_URL.`;
  }
  if (syscall === 'open' && code === 'ENOENT') {
    return `A file that DATABASE_URL names cannot be read: ${path ?? message}.`;
  }
  // It refuses to talk to us at all: a wrong password or certificate (28…) or database (3D000).
  if (error instanceof pg.DatabaseError && /^(28|3D)/.test(code)) return `Postgres: ${message}; check DATABASE_URL.`;
  return undefined;
}
