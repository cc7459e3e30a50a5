import { once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { JobView } from '@syncline/store';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { type Measurement, median } from './report.js';
import { openRig } from './rig.js';

const matters = 100_000;
const rounds = 3;
/** Rows of the slow baseline: enough for a steady figure. */
const singles = 5_000;

/**
 * How fast 100,000 matters come from HTTP into the table, checkpoints committed, through one worker; side by side with
 * (a) COPY of the same rows straight into the same table, and (b) one upsert a row, as scripts do. In every round all
 * of them, so that a change of the machine's mood meets them all.
 */
export async function loadSpeed(): Promise<Measurement> {
  const rig = await openRig({ simulator: ['--contacts', '2000', '--matters', String(matters), '--tasks', '0'] });
  const client = new pg.Client({ connectionString: rig.databaseUrl });
  await client.connect();
  const times: Record<'load' | 'reread' | 'copy' | 'single', number[]> = { load: [], reread: [], copy: [], single: [] };
  try {
    // The first full sync brings parents along and is not counted: it also warms the vendor's cache.
    await rig.fullSync();
    for (let round = 0; round < rounds; round += 1) {
      await client.query('truncate exchanges cascade');
      times.load.push(rate(await rig.fullSync(), 'recordsCreated'));
      times.reread.push(rate(await rig.fullSync(), 'recordsUnchanged'));
      const rows = await copyOut(client);
      times.copy.push(await copyIn(client, rows));
      times.single.push(await upsertOneByOne(client));
      console.log(
        `round ${round + 1}: ${JSON.stringify(Object.fromEntries(Object.entries(times).map(([k, v]) => [k, Math.round(v.at(-1) ?? 0)])))}`,
      );
    }
  } finally {
    await client.end();
    await rig.close();
  }
  const [load, reread, copy, single] = [times.load, times.reread, times.copy, times.single].map(median) as [
    number,
    number,
    number,
    number,
  ];
  return {
    name: 'load-speed',
    what: `${matters.toLocaleString('en')} matters, one worker, pages of 100; medians of ${rounds} rounds`,
    rows: [
      { figure: 'full load', value: load, unit: 'rows/s' },
      { figure: 'unchanged re-read', value: reread, unit: 'rows/s' },
      { figure: '(a) COPY into the table', value: copy, unit: 'rows/s' },
      { figure: '(b) one upsert a row', value: single, unit: 'rows/s' },
      { figure: 'full load / (a)', value: load / copy, unit: 'ratio', target: 'at least 0.35' },
      { figure: 'full load / (b)', value: load / single, unit: 'ratio', target: 'at least 6' },
      { figure: 'unchanged re-read / (a)', value: reread / copy, unit: 'ratio', target: 'at least 0.5' },
    ],
    raw: times,
  };
}

/** Rows a second of the matters' own run: from its claim by the worker to its end in Postgres. */
function rate(job: JobView, counter: 'recordsCreated' | 'recordsUnchanged'): number {
  const run = job.entities.find(({ entity }) => entity === 'matters');
  if (run?.startedAt == null || run.endedAt == null) throw new Error('matters did not run');
  if (run[counter] !== matters) throw new Error(`${counter} is ${run[counter]}`);
  return matters / ((run.endedAt.getTime() - run.startedAt.getTime()) / 1000);
}

async function copyOut(client: pg.Client): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const out = client.query(copyTo('copy exchanges to stdout'));
  out.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(out, 'end');
  return Buffer.concat(chunks);
}

async function copyIn(client: pg.Client, rows: Buffer): Promise<number> {
  await client.query('truncate exchanges cascade');
  const started = performance.now();
  // Pieces as a network would bring them.
  const pieces = Array.from({ length: Math.ceil(rows.length / 65_536) }, (_, i) =>
    rows.subarray(i * 65_536, (i + 1) * 65_536),
  );
  await pipeline(Readable.from(pieces), client.query(copyFrom('copy exchanges from stdin')));
  return matters / ((performance.now() - started) / 1000);
}

/** What a script does for each record it was given: an INSERT … ON CONFLICT, awaited, in a transaction of its own. */
async function upsertOneByOne(client: pg.Client): Promise<number> {
  const { rows } = await client.query(`select * from exchanges limit ${singles}`);
  await client.query('truncate exchanges cascade');
  const columns = Object.keys(rows[0] ?? {}).filter((column) => column !== 'id');
  const statement = `insert into exchanges (${columns}) values (${columns.map((_, i) => `$${i + 1}`)})
    on conflict (connection_id, pp_matter_id) do update set ${columns.map((c) => `${c} = excluded.${c}`)}`;
  const started = performance.now();
  for (const row of rows)
    await client.query(
      statement,
      columns.map((column) => row[column]),
    );
  return rows.length / ((performance.now() - started) / 1000);
}
