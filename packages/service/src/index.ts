export { createLog } from './create-log.js';
export { type ListenAt, listen } from './listen.js';
export { prepareOrganization } from './prepare-organization.js';
export { type Checks, readiness } from './readiness.js';
export { runService } from './run-service.js';
export { StartError } from './start-error.js';
export { openStatusServer, type StatusServer, said, told } from './status-server.js';
export { within } from './within.js';
