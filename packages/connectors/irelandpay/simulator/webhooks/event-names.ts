/** What a subscription may be to, as the vendor's specification lists it. */
export const EVENT_NAMES: readonly string[] = [
  ...['subscription.test', 'api.updated'],
  ...['created', 'updated', 'deleted', 'restored', 'status.updated', 'note.added'].map((what) => `lead.${what}`),
  ...['user.assigned', 'user.unassigned', 'document.uploaded', 'email.received'].map((what) => `lead.${what}`),
  ...['generated', 'opened', 'signed'].map((what) => `lead.signature.${what}`),
  ...['submitted', 'updated', 'approved', 'declined'].map((what) => `turboapp.${what}`),
  ...['turboapp.equipment.created', 'turboapp.equipment.updated'],
  ...['residuals.report.published', 'residuals.lineitem.added'],
  ...['chargeback', 'retrieval'].flatMap((of) => ['added', 'updated', 'reminder'].map((what) => `${of}.${what}`)),
  ...['created', 'updated', 'resolved', 'commented', 'comment.edited', 'checklist.updated'].map(
    (what) => `ticket.${what}`,
  ),
];
