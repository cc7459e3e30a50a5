export { eventually } from './eventually.js';
export { type OwnPostgres, startOwnPostgres } from './own-postgres.js';
export { type OwnRedis, type RedisCopy, startOwnRedis } from './own-redis.js';
export { type ProcessEnd, type ServiceProcess, startService } from './service-process.js';
export { type Strike, strikeEnvironment, strikeMark } from './strike.js';
export { type BedOptions, createTestBed, type TestBed } from './test-bed.js';
