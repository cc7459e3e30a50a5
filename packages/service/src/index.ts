export { createLog } from './create-log.js';
export { logTrouble } from './log-trouble.js';
export { prepareOrganization } from './prepare-organization.js';
export { runService } from './run-service.js';
export { StartError } from './start-error.js';
