import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Files in PEM, made by openssl: an authority, what it has signed, and an authority that has signed none of it. */
export interface Certificates {
  readonly ca: string;
  readonly strangeCa: string;
  /** For the name `localhost`, and for no address. */
  readonly server: Pair;
  /** For a client of the name given. */
  readonly client: Pair;
  remove(): Promise<void>;
}

interface Pair {
  readonly cert: string;
  readonly key: string;
}

export async function makeCertificates(clientName: string): Promise<Certificates> {
  const folder = await mkdtemp(join(tmpdir(), 'syncline-certificates-'));
  await chmod(folder, 0o755);
  const at = (name: string) => join(folder, name);
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const authority = async (name: string) => {
    const files = ['-keyout', at(`${name}.key`), '-out', at(`${name}.pem`)];
    await run('openssl', ['req', '-x509', ...newKey, '-days', '2', '-subj', `/CN=${name}`, ...files]);
    return at(`${name}.pem`);
  };
  const [ca, strangeCa] = await Promise.all([authority('ca'), authority('strange-ca')]);
  const signed = async (name: string, subject: string, alternatives: string): Promise<Pair> => {
    const [key, request, cert, extra] = [at(`${name}.key`), at(`${name}.csr`), at(`${name}.pem`), at(`${name}.ext`)];
    await writeFile(extra, alternatives);
    await run('openssl', ['req', ...newKey, '-subj', `/CN=${subject}`, '-keyout', key, '-out', request]);
    const by = ['-CA', ca, '-CAkey', at('ca.key'), '-CAcreateserial', '-CAserial', at(`${name}.srl`)];
    await run('openssl', ['x509', '-req', '-in', request, ...by, '-days', '2', '-extfile', extra, '-out', cert]);
    // For whoever the server runs as. They are worth nothing beyond this test.
    await chmod(key, 0o644);
    return { cert, key };
  };
  const [server, client] = await Promise.all([
    signed('server', 'localhost', 'subjectAltName=DNS:localhost'),
    signed('client', clientName, `subjectAltName=DNS:${clientName}`),
  ]);
  return { ca, strangeCa, server, client, remove: () => rm(folder, { recursive: true, force: true }) };
}
