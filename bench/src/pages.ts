import { randomUUID } from 'node:crypto';
import { addMany, type Many } from '@syncline/testing/many-rows';
import { cpuOf } from './cpu.js';
import { type Measurement, median } from './report.js';
import { openRig } from './rig.js';

const small: Many = { connections: 10, jobs: 1_000, failedItems: 1_000 };
const large: Many = { connections: 1_000, jobs: 50_000, failedItems: 100_000 };
const rounds = 15;

/** What the pages of the dashboard ask first, and the last page that somebody would go to. */
const questions: Readonly<Record<string, string>> = {
  overview: '/api/v1/overview',
  'overview, a search': '/api/v1/overview?search=00',
  'failed items': '/api/v1/failed-items?status=open&limit=50',
  'failed items, page 20': '/api/v1/failed-items?status=open&limit=50&page=20',
  'failed items by reason': '/api/v1/failed-items/groups?status=open',
  syncs: '/api/v1/sync/jobs?status=failed',
  alerts: '/api/v1/alerts?limit=100',
};

/** Whether pages stay quick: the same questions about a small organization and a large one, in turns. */
export async function pages(): Promise<Measurement> {
  const rig = await openRig({ simulator: ['--contacts', '10'] });
  try {
    const organizations = { small: randomUUID(), large: randomUUID() };
    for (const [slug, id] of Object.entries(organizations)) {
      await rig.db.insertInto('organizations').values({ id, slug, name: slug }).execute();
    }
    await addMany(rig.db, organizations.small, small);
    await addMany(rig.db, organizations.large, large);
    const { url, pid } = await rig.startApi();
    const ask = async (path: string, organization: string): Promise<number> => {
      const startedAt = performance.now();
      const headers = { authorization: `Bearer ${rig.adminKey}`, 'x-organization-id': organization };
      const response = await fetch(`${url}${path}`, { headers });
      const text = await response.text();
      if (response.status !== 200) throw new Error(`${path}: ${text}`);
      return performance.now() - startedAt;
    };
    const times: Record<string, { small: number[]; large: number[] }> = {};
    for (const [name, path] of Object.entries(questions)) {
      // The first ones open connections and compile.
      for (const id of Object.values(organizations)) await ask(path, id);
      const found = { small: [] as number[], large: [] as number[] };
      for (let round = 0; round < rounds; round += 1) {
        found.small.push(await ask(path, organizations.small));
        found.large.push(await ask(path, organizations.large));
      }
      times[name] = found;
    }
    const cpuBefore = cpuOf(pid);
    for (let round = 0; round < rounds; round += 1) await ask('/api/v1/overview', organizations.large);
    const overviewCpu = (cpuOf(pid) - cpuBefore) / rounds;
    return {
      name: 'pages',
      what:
        `what pages ask of the API, for an organization with ${numbers(large)}, and for one with ${numbers(small)}; ` +
        `medians of ${rounds}, in turns`,
      rows: [
        ...Object.entries(times).flatMap(([name, found]) => [
          { figure: name, value: median(found.large), unit: 'ms', target: 'at most 200' },
          { figure: `${name}, large / small`, value: median(found.large) / median(found.small), unit: 'ratio' },
        ]),
        { figure: 'overview, CPU of the API', value: overviewCpu, unit: 'ms' },
      ],
      raw: times,
    };
  } finally {
    await rig.close();
  }
}

function numbers({ connections, jobs, failedItems }: Many): string {
  const [a, b, c] = [connections, jobs, failedItems].map((count) => count.toLocaleString('en'));
  return `${a} connections, ${b} syncs and ${c} failed items`;
}
