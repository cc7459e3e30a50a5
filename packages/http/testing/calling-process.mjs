// A process with a road of its own, for tests that kill it. Its options come as the first argument, in JSON; each
// message is a request to send, answered with how it ended.
import { randomUUID } from 'node:crypto';
import { createRoad } from '@syncline/http';
import { Redis } from 'ioredis';

const { redisUrl, keyPrefix, egressAllow, lane } = JSON.parse(process.argv[2]);
const road = createRoad({ redis: new Redis(redisUrl), keyPrefix, egressAllow, bootId: randomUUID(), votes: true });
const send = road.open(lane);

process.on('message', async (request) => {
  const end = await send(request).then(
    ({ status }) => status,
    (error) => error.code,
  );
  process.send(end);
});
process.on('disconnect', () => process.exit());
process.send('ready');
