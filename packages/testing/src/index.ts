export { eventually } from './eventually.js';
export { type ServiceProcess, startService } from './service-process.js';
export { createTestBed, type TestBed } from './test-bed.js';
