import type { Environment } from '@syncline/config';
import { StartError } from '@syncline/service';
import type { TokenOptions } from '../access/token-check.js';

const together = ['SYNCLINE_JWT_JWKS_URL', 'SYNCLINE_JWT_ISSUER', 'SYNCLINE_JWT_AUDIENCE'] as const;

/**
 * How tokens are to be checked; undefined where no identity provider is configured. All or nothing: without the issuer or
 * the audience, tokens that were made for others would open this API.
 *
 * Throws StartError when only a part is there.
 */
export function readTokenOptions(
  environment: Pick<Environment, `SYNCLINE_JWT_${string}` & keyof Environment>,
): TokenOptions | undefined {
  const missing = together.filter((name) => environment[name] === undefined);
  if (missing.length === together.length) return undefined;
  const { SYNCLINE_JWT_JWKS_URL: jwksUrl, SYNCLINE_JWT_ISSUER: issuer, SYNCLINE_JWT_AUDIENCE: audience } = environment;
  if (jwksUrl === undefined || issuer === undefined || audience === undefined) {
    const set = together.filter((name) => !missing.includes(name));
    throw new StartError(
      `${missing.join(' and ')} ${missing.length === 1 ? 'has' : 'have'} to be set with ${set.join(' and ')}`,
    );
  }
  return {
    ...{ jwksUrl, issuer, audience },
    organizationClaim: environment.SYNCLINE_JWT_ORGANIZATION_CLAIM,
    roleClaim: environment.SYNCLINE_JWT_ROLE_CLAIM,
    roles: new Map(environment.SYNCLINE_JWT_ROLES),
  };
}
