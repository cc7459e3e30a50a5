import { eventually } from './eventually.js';
import { type RedisServer, startRedisServer } from './redis-server.js';

/** A master with a replica, and three Sentinels that look after them. */
export interface RedisSentinels {
  readonly url: string;
  readonly master: RedisServer;
  readonly replica: RedisServer;
  /** The port of who is master by the word of the first Sentinel. */
  masterPort(): Promise<number>;
  close(): Promise<void>;
}

const name = 'syncline-test';

export async function startRedisSentinels(): Promise<RedisSentinels> {
  const master = await startRedisServer();
  const replica = await startRedisServer({ config: [`replicaof 127.0.0.1 ${master.port}`] });
  await eventually('the replica to follow', async () =>
    String(await replica.command('INFO', 'replication')).includes('master_link_status:up'),
  );
  const watch = () =>
    startRedisServer({
      sentinel: true,
      config: [
        `sentinel monitor ${name} 127.0.0.1 ${master.port} 2`,
        `sentinel down-after-milliseconds ${name} 1500`,
        `sentinel failover-timeout ${name} 10000`,
      ],
    });
  const sentinels = await Promise.all([watch(), watch(), watch()]);
  await eventually('the Sentinels to know each other and the replica', async () => {
    const known = await Promise.all(
      sentinels.map(async (sentinel) => {
        const [replicas, others] = await Promise.all([
          sentinel.command('SENTINEL', 'REPLICAS', name),
          sentinel.command('SENTINEL', 'SENTINELS', name),
        ]);
        return (replicas as unknown[]).length === 1 && (others as unknown[]).length === 2;
      }),
    );
    return known.every(Boolean);
  });
  return {
    url: `redis+sentinel://${sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',')}/${name}`,
    ...{ master, replica },
    masterPort: async () => {
      const [first] = sentinels;
      const [, port] = (await first.command('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name)) as string[];
      return Number(port);
    },
    close: async () => void (await Promise.all([...sentinels, replica, master].map((server) => server.close()))),
  };
}
