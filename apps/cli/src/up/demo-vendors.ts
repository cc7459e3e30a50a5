import { type Child, script, startChild } from './child.js';
import { DemoIrelandPay } from './demo-ireland-pay.js';
import { DemoNotion } from './demo-notion.js';

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
const switches = ['PP_CLIENT_ID', 'CLINIKO_API_KEY', 'NOTION_API_KEY', 'IRELANDPAY_CRM_API_KEY'] as const;

/** Sizes that show everything and are read in a few seconds, quotas of the vendors included. */
const patients = 200;
const clients = 13;
const broker = { merchants: 25, months: 3, transactions: 5_000 };
/** Clients that change by themselves, so that there is something to watch. */
const editsPerMinute = 4;

export interface DemoVendors {
  /** The variables that lead to them. */
  readonly variables: Readonly<Record<string, string>>;
  readonly notion: DemoNotion | undefined;
  readonly irelandPay: DemoIrelandPay | undefined;
}

/**
 * Simulated vendors; none where a vendor is configured, be it a single one: what is made up must not stand beside what
 * is real.
 */
export async function startDemoVendors(options: DemoOptions): Promise<DemoVendors> {
  const { env, contacts, say } = options;
  if (switches.some((name) => env[name])) return { variables: {}, notion: undefined, irelandPay: undefined };
  const start = async <Credentials, More = unknown>(vendor: string, ...args: string[]) => {
    const simulator = await startChild<{ url: string; credentials: Credentials } & More>(
      `simulator of ${vendor}`,
      script('apps/cli/dist/bundle.js'),
      ['simulator', vendor, '--port', '0', ...args],
      env,
      options.logFile(`simulator-${vendor}`),
    );
    options.onStart(simulator);
    return simulator.ready;
  };
  const [firm, clinic, agency, payments] = await Promise.all([
    start<{ clientId: string; clientSecret: string }>('practicepanther', '--contacts', String(contacts)),
    start<{ apiKey: string; contactEmail: string }>('cliniko', '--patients', String(patients)),
    start<{ apiKey: string }, { databaseId: string }>(
      ...(['notion', '--clients', String(clients), '--edits-per-minute', String(editsPerMinute)] as const),
    ),
    start<{ apiKey: string }>('irelandpay', ...brokerArguments()),
  ]);
  const notion = new DemoNotion(agency.url);
  say(`No PP_CLIENT_ID is set: a simulated PracticePanther with ${contacts} contacts is at ${firm.url}`);
  say(`No CLINIKO_API_KEY is set: a simulated Cliniko with ${patients} patients is at ${clinic.url}`);
  say(`No NOTION_API_KEY is set: a simulated Notion with ${clients} clients is at ${agency.url}`);
  const { merchants, transactions } = broker;
  const paid = `${merchants} merchants and ${transactions} transactions`;
  say(`No IRELANDPAY_CRM_API_KEY is set: a simulated Ireland Pay with ${paid} is at ${payments.url}`);
  const hosts = [firm, clinic, agency, payments].map(({ url }) => new URL(url).host);
  const variables = {
    PP_CLIENT_ID: firm.credentials.clientId,
    PP_CLIENT_SECRET: firm.credentials.clientSecret,
    PP_BASE_URL: firm.url,
    CLINIKO_API_KEY: clinic.credentials.apiKey,
    CLINIKO_CONTACT_EMAIL: clinic.credentials.contactEmail,
    CLINIKO_BASE_URL: clinic.url,
    NOTION_API_KEY: agency.credentials.apiKey,
    NOTION_DATABASE_ID: agency.databaseId,
    NOTION_BASE_URL: agency.url,
    NOTION_WEBHOOK_SECRET: notion.webhookSecret,
    IRELANDPAY_CRM_API_KEY: payments.credentials.apiKey,
    IRELANDPAY_CRM_BASE_URL: payments.url,
    // No further back than there is anything.
    IRELANDPAY_HISTORY_FROM: monthsAgo(broker.months - 1),
    SYNCLINE_EGRESS_ALLOW: [env['SYNCLINE_EGRESS_ALLOW'], ...hosts].filter(Boolean).join(','),
  };
  return { variables, notion, irelandPay: new DemoIrelandPay(payments.url, payments.credentials.apiKey) };
}

function brokerArguments(): string[] {
  const sizes = Object.entries(broker).flatMap(([name, size]) => [`--${name}`, String(size)]);
  return [...sizes, '--edits-per-minute', String(editsPerMinute)];
}

/** YYYY-MM. */
export function monthsAgo(months: number): string {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months, 1)).toISOString().slice(0, 7);
}
