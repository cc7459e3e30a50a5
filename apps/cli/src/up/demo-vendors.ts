import { type Child, script, startChild } from './child.js';

export interface DemoOptions {
  /** Size of the simulated firm. */
  readonly contacts: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logFile: (name: string) => string;
  /** Called with each simulator that has started. */
  readonly onStart: (simulator: Child<unknown>) => void;
  readonly say: (line: string) => void;
}

/** Variables that make a connection, each by itself. */
const switches = ['PP_CLIENT_ID', 'CLINIKO_API_KEY', 'NOTION_API_KEY'] as const;

/** A clinic of a size that shows everything and is read in a few seconds, quota of the vendor included. */
const patients = 200;

/**
 * Simulated vendors and the variables that lead to them; nothing where a vendor is configured, be it a single one: what
 * is made up must not stand beside what is real.
 */
export async function startDemoVendors(options: DemoOptions): Promise<Record<string, string>> {
  const { env, contacts, say } = options;
  if (switches.some((name) => env[name])) return {};
  const start = async <Credentials>(vendor: string, ...args: string[]) => {
    const simulator = await startChild<{ url: string; credentials: Credentials }>(
      `simulator of ${vendor}`,
      script('apps/cli/dist/bundle.js'),
      ['simulator', vendor, '--port', '0', ...args],
      env,
      options.logFile(`simulator-${vendor}`),
    );
    options.onStart(simulator);
    return simulator.ready;
  };
  const [firm, clinic] = await Promise.all([
    start<{ clientId: string; clientSecret: string }>('practicepanther', '--contacts', String(contacts)),
    start<{ apiKey: string; contactEmail: string }>('cliniko', '--patients', String(patients)),
  ]);
  say(`No PP_CLIENT_ID is set: a simulated PracticePanther with ${contacts} contacts is at ${firm.url}`);
  say(`No CLINIKO_API_KEY is set: a simulated Cliniko with ${patients} patients is at ${clinic.url}`);
  const hosts = [firm, clinic].map(({ url }) => new URL(url).host);
  return {
    PP_CLIENT_ID: firm.credentials.clientId,
    PP_CLIENT_SECRET: firm.credentials.clientSecret,
    PP_BASE_URL: firm.url,
    CLINIKO_API_KEY: clinic.credentials.apiKey,
    CLINIKO_CONTACT_EMAIL: clinic.credentials.contactEmail,
    CLINIKO_BASE_URL: clinic.url,
    SYNCLINE_EGRESS_ALLOW: [env['SYNCLINE_EGRESS_ALLOW'], ...hosts].filter(Boolean).join(','),
  };
}
