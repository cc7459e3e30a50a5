import { isSyncError } from '@syncline/connector-kit';
import { createOrganization, type Organization } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { awayContext } from '../../testing/away-context.js';
import { type Caller, tenantOf, tenantOfPath } from './caller.js';

const away = awayContext();
let bed: TestBed;
let own: Organization;
let other: Organization;

beforeAll(async () => {
  bed = await createTestBed();
  const make = (slug: string) =>
    bed.db.transaction().execute((trx) => createOrganization(trx, { slug, name: slug, externalId: `org_${slug}` }));
  own = await make('own');
  other = await make('other');
});
afterAll(async () => {
  await away.close();
  await bed.close();
});

const api = () => ({ ...away, db: bed.db });
const caller = (given: Partial<Caller>) => ({
  caller: {
    ...{ name: 'a key', role: 'viewer' as const, organizations: [own.id], limitedAs: undefined },
    ...{ via: 'key' as const, expiresAt: null },
    ...{ organizationId: own.id, isNamed: false, ...given },
  },
});
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => (isSyncError(error) ? error.code : error),
  );

describe('an organization in a path', () => {
  it('is the tenant, in whichever of its names', async () => {
    for (const name of [own.id, own.id.toUpperCase(), own.slug, 'org_own']) {
      const tenant = await tenantOfPath(api(), caller({}), name);
      expect([tenant.organizationId, tenant.organization]).toEqual([own.id, own]);
    }
  });

  it('is not there for who may not act for it, and for nobody when it is none', async () => {
    for (const name of [other.id, other.slug, 'org_other', 'nobody', '', '\u0000', "'--", 'x'.repeat(100_000)]) {
      expect(await codeOf(tenantOfPath(api(), caller({}), name))).toBe('ORGANIZATION_NOT_FOUND');
    }
    const platform = caller({ role: 'platform', organizations: 'all' });
    expect((await tenantOfPath(api(), platform, other.slug)).organizationId).toBe(other.id);
    expect(await codeOf(tenantOfPath(api(), platform, 'nobody'))).toBe('ORGANIZATION_NOT_FOUND');
  });

  it('is enough for who may act for several; a header may say the same and nothing else', async () => {
    const both = [own.id, other.id];
    const undecided = caller({ organizations: both, organizationId: undefined });
    expect(() => tenantOf(api(), undecided)).toThrow(expect.objectContaining({ code: 'ORGANIZATION_REQUIRED' }));
    expect((await tenantOfPath(api(), undecided, other.slug)).organizationId).toBe(other.id);
    const named = caller({ organizations: both, organizationId: own.id, isNamed: true });
    expect((await tenantOfPath(api(), named, own.slug)).organizationId).toBe(own.id);
    expect(await codeOf(tenantOfPath(api(), named, other.slug))).toBe('VALIDATION_FAILED');
  });

  it('has no meaning on a route that anybody may ask', () => {
    expect(() => tenantOf(api(), { caller: undefined })).toThrow('public');
  });
});
