import { eventually } from './eventually.js';
import { type RedisServer, startRedisServer } from './redis-server.js';

/** Three masters, each with a third of the slots. */
export interface RedisCluster {
  readonly url: string;
  readonly masters: readonly RedisServer[];
  /** The master that holds a key, with a replica that takes over from it. */
  replicateMasterOf(key: string): Promise<{ readonly master: RedisServer; readonly replica: RedisServer }>;
  /** Hands the slot of a key, which has to be empty, to the next master; `others` are those that did not have it. */
  moveSlotOf(key: string): Promise<{ readonly others: readonly RedisServer[] }>;
  /** Takes away the slot of a key, which has to be empty: a Cluster that is not whole serves nobody. Gives a way back. */
  loseSlotOf(key: string): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

const slots = 16_384;
const node = ['cluster-enabled yes', 'cluster-node-timeout 1500', 'cluster-replica-validity-factor 0'];

export async function startRedisCluster(): Promise<RedisCluster> {
  const start = () => startRedisServer({ config: node });
  const masters = await Promise.all([start(), start(), start()]);
  const servers = [...masters];
  const first = masterAt(masters, 0);
  await Promise.all(
    masters.map((master, i) => {
      const [from, to] = [Math.ceil((slots * i) / 3), Math.ceil((slots * (i + 1)) / 3) - 1];
      return master.command('CLUSTER', 'ADDSLOTSRANGE', from, to);
    }),
  );
  await Promise.all(masters.map((master, i) => master.command('CLUSTER', 'SET-CONFIG-EPOCH', i + 1)));
  const join = (server: RedisServer) => server.command('CLUSTER', 'MEET', '127.0.0.1', first.port);
  for (const master of masters.slice(1)) await join(master);
  const isWhole = async (server: RedisServer, size: number) => {
    const info = String(await server.command('CLUSTER', 'INFO'));
    return /cluster_state:ok/.test(info) && info.includes(`cluster_known_nodes:${size}`);
  };
  const whole = () =>
    eventually('the Cluster to be whole', async () =>
      (await Promise.all(servers.map((server) => isWhole(server, servers.length)))).every(Boolean),
    );
  await whole();
  return {
    url: `redis+cluster://${masters.map(({ port }) => `127.0.0.1:${port}`).join(',')}`,
    masters,
    replicateMasterOf: async (key) => {
      const slot = Number(await first.command('CLUSTER', 'KEYSLOT', key));
      const master = masterAt(masters, Math.floor((slot * 3) / slots));
      const replica = await start();
      servers.push(replica);
      await join(replica);
      await whole();
      const id = String(await master.command('CLUSTER', 'MYID'));
      await replica.command('CLUSTER', 'REPLICATE', id);
      await eventually('the replica to follow', async () => {
        const info = String(await replica.command('INFO', 'replication'));
        return info.includes(`master_port:${master.port}`) && info.includes('master_link_status:up');
      });
      await eventually('all to know of the replica', async () => {
        const lists = await Promise.all(masters.map((one) => one.command('CLUSTER', 'NODES')));
        return lists.every((list) => String(list).includes(`slave ${id}`));
      });
      return { master, replica };
    },
    moveSlotOf: async (key) => {
      const slot = Number(await first.command('CLUSTER', 'KEYSLOT', key));
      const at = Math.floor((slot * 3) / slots);
      const [owner, next] = [masterAt(masters, at), masterAt(masters, (at + 1) % masters.length)];
      const id = String(await next.command('CLUSTER', 'MYID'));
      for (const master of [next, ...masters]) await master.command('CLUSTER', 'SETSLOT', slot, 'NODE', id);
      return { others: masters.filter((master) => master !== owner) };
    },
    loseSlotOf: async (key) => {
      const slot = Number(await first.command('CLUSTER', 'KEYSLOT', key));
      const owner = masterAt(masters, Math.floor((slot * 3) / slots));
      const isBroken = async (master: RedisServer) => {
        // What the owner has said before may still arrive at another one. It fails where the slot is gone.
        await master.command('CLUSTER', 'DELSLOTS', slot).catch(() => undefined);
        return String(await master.command('CLUSTER', 'INFO')).includes('cluster_state:fail');
      };
      for (const master of [owner, ...masters]) {
        await eventually('the Cluster not to be whole', () => isBroken(master));
      }
      return async () => void (await owner.command('CLUSTER', 'ADDSLOTS', slot));
    },
    close: async () => void (await Promise.all(servers.map((server) => server.close()))),
  };
}

function masterAt(masters: readonly RedisServer[], i: number): RedisServer {
  const master = masters[i];
  if (master === undefined) throw new Error(`there is no master ${i}`);
  return master;
}
