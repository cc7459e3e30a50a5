export { createLog } from './create-log.js';
export { prepareOrganization } from './prepare-organization.js';
export { runService } from './run-service.js';
export { StartError } from './start-error.js';
