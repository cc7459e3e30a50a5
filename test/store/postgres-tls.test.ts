import { chmod, chown, copyFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { explainDatabaseError, openDatabase } from '@syncline/store';
import { type Certificates, makeCertificates, type OwnPostgres, startOwnPostgres } from '@syncline/testing';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';

// A Postgres with a certificate for `localhost`, signed by an authority of ours, that knows its user by a certificate too.

let certificates: Certificates;
let postgres: OwnPostgres;
beforeAll(async () => {
  postgres = await startOwnPostgres();
  certificates = await makeCertificates(new URL(postgres.adminUrl).username);
  const client = new pg.Client({ connectionString: postgres.adminUrl });
  await client.connect();
  try {
    const { rows } = await client.query('show data_directory');
    const folder = String(rows[0]?.data_directory);
    const { uid, gid } = await stat(folder);
    const put = async (from: string, name: string) => {
      const file = join(folder, name);
      await copyFile(from, file);
      await chown(file, uid, gid);
      await chmod(file, 0o600);
    };
    await put(certificates.server.cert, 'tls.pem');
    await put(certificates.server.key, 'tls.key');
    await put(certificates.ca, 'tls-ca.pem');
    await client.query(`copy (select 'hostssl all all all cert') to '${join(folder, 'pg_hba.conf')}'`);
    await client.query("alter system set ssl_cert_file = 'tls.pem'");
    await client.query("alter system set ssl_key_file = 'tls.key'");
    await client.query("alter system set ssl_ca_file = 'tls-ca.pem'");
    await client.query('alter system set ssl = on');
    await client.query('select pg_reload_conf()');
  } finally {
    await client.end();
  }
});
afterAll(async () => {
  await postgres?.close();
  await certificates?.remove();
});

/** What a pool with these parameters in its address is answered with; how the line is secured where it is taken. */
async function answer(params: Readonly<Record<string, string>>, host = 'localhost'): Promise<string> {
  const url = new URL(postgres.adminUrl);
  url.hostname = host;
  for (const [name, value] of Object.entries(params)) url.searchParams.set(name, value);
  const options = { applicationName: 'tls', poolSize: 1, onError: () => undefined };
  const db = openDatabase({ databaseUrl: url.href, ...options });
  try {
    const { rows } = await sql<{ version: string }>`
      select version from pg_stat_ssl where pid = pg_backend_pid()`.execute(db);
    return String(rows[0]?.version);
  } catch (error) {
    return explainDatabaseError(error) ?? `without an explanation: ${error}`;
  } finally {
    await db.destroy();
  }
}

const ours = () => ({ sslcert: certificates.client.cert, sslkey: certificates.client.key });

it('is connected to where the authority signed it for the host', async () => {
  expect(await answer({ sslmode: 'verify-full', sslrootcert: certificates.ca, ...ours() })).toMatch(/^TLSv1\.[23]$/);
});

it.each(['verify-full', 'verify-ca', 'require', 'prefer'])('is checked as a whole with sslmode=%s', async (sslmode) => {
  expect(await answer({ sslmode, sslrootcert: certificates.strangeCa, ...ours() })).toMatch(/certificate is refused/);
  expect(await answer({ sslmode, sslrootcert: certificates.ca, ...ours() }, '127.0.0.1')).toMatch(
    /certificate is refused .*altnames.*the host that it is for/,
  );
});

it('is trusted unseen with sslmode=no-verify, and with require as libpq means it', async () => {
  expect(await answer({ sslmode: 'no-verify', ...ours() }, '127.0.0.1')).toMatch(/^TLSv1/);
  const asLibpq = { sslmode: 'require', uselibpqcompat: 'true', ...ours() };
  expect(await answer(asLibpq, '127.0.0.1')).toMatch(/^TLSv1/);
});

it('says what is missing of whoever comes without TLS, without a certificate, or with files that are not there', async () => {
  expect(await answer({})).toMatch(/over TLS only .*: add sslmode=verify-full to DATABASE_URL/);
  expect(await answer({ sslmode: 'verify-full', sslrootcert: certificates.ca })).toMatch(/^Postgres: .*certificate/);
  expect(await answer({ sslmode: 'verify-full', sslrootcert: '/nowhere/ca.pem' })).toMatch(
    /names cannot be read: \/nowhere/,
  );
});
