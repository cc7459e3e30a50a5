import type { ApiContext, App } from '../../../api-context.js';
import { getFindings } from './get-findings.js';
import { getVerification } from './get-verification.js';
import { getVerifications } from './get-verifications.js';
import { postConnectionVerify } from './post-connection-verify.js';
import { postVerificationCancel } from './post-verification-cancel.js';
import { postVerificationRepair } from './post-verification-repair.js';

/** Holding what vendors have against what is stored. */
export function verificationRoutes(app: App, api: ApiContext): void {
  postConnectionVerify(app, api);
  getVerifications(app, api);
  getVerification(app, api);
  getFindings(app, api);
  postVerificationCancel(app, api);
  postVerificationRepair(app, api);
}
