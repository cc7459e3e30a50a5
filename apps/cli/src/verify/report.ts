import type { Finding, Verification, VerifiedEntity } from './verify-api.js';

/** What became of a verification, line by line, for people. */
export function reportOf(verification: Verification, findings: readonly Finding[]): string[] {
  const { status, errorMessage } = verification;
  if (status !== 'done') return [`Verification ${status}${errorMessage === null ? '' : `: ${errorMessage}`}`];
  const width = Math.max(...verification.entities.map(({ entity }) => entity.length));
  const all = verification.findings;
  return [
    ...verification.entities.map((entity) => `  ${entity.entity.padEnd(width)}  ${lineOf(entity)}`),
    ...findings.map(
      ({ entity, vendorId, kind, fields, reason }) =>
        `  ${kind}: ${entity} ${vendorId}${fields.length > 0 ? ` (${fields.join(', ')})` : ''}${reason ? ` ${reason}` : ''}`,
    ),
    ...(all > findings.length ? [`  and ${all - findings.length} more`] : []),
    all === 0 ? 'Clean: what the vendor has is what is stored' : `${all} ${all === 1 ? 'difference' : 'differences'}`,
  ];
}

function lineOf(entity: VerifiedEntity): string {
  const counts = `${entity.records} at the vendor, ${entity.rows ?? 0} stored`;
  const equal = entity.buckets?.filter(({ vendor, stored }) => vendor.checksum === stored.checksum).length ?? 0;
  const sums = `checksums ${equal} of ${entity.buckets?.length ?? 0} equal`;
  const sample = entity.sampled === null ? [] : [`${entity.sampled} asked again`];
  const kinds = (['missing', 'extra', 'stale', 'different'] as const).flatMap((kind) =>
    entity[kind] === 0 ? [] : [`${entity[kind]} ${kind}`],
  );
  const spared = [
    ...(entity.moved > 0 ? [`${entity.moved} written meanwhile`] : []),
    ...(entity.notDue > 0 ? [`${entity.notDue} for a sync to come`] : []),
  ];
  return [counts, sums, ...sample, ...kinds, ...spared].join(', ');
}
