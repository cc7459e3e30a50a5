export { eventually } from './eventually.js';
export { type OwnPostgres, startOwnPostgres } from './own-postgres.js';
export { type OwnRedis, type RedisCopy, startOwnRedis } from './own-redis.js';
export { type RedisCluster, startRedisCluster } from './redis-cluster.js';
export { type RedisSentinels, startRedisSentinels } from './redis-sentinels.js';
export { type RedisServer, type RedisServerOptions, startRedisServer } from './redis-server.js';
export { type ProcessEnd, type ServiceProcess, startService } from './service-process.js';
export { type Strike, strikeEnvironment, strikeMark } from './strike.js';
export { type BedOptions, createTestBed, type TestBed } from './test-bed.js';
