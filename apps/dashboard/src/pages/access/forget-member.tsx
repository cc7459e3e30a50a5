import { useForgetMember } from '../../api/members.js';
import type { Member } from '../../api/types.js';
import { Confirm } from '../../ui/confirm.js';
import { nameOf } from './member-row.js';

/** Takes away what is kept of a person. */
export function ForgetMember({ member, onClose }: { readonly member: Member; readonly onClose: () => void }) {
  const forget = useForgetMember();
  return (
    <Confirm
      title={`Forget ${nameOf(member)}?`}
      description="Name, address, role and when they came are deleted here. It shuts nobody out: whoever comes again is listed again. What they did stays in the audit log, under the id that the identity provider gave them."
      label="Forget"
      isBusy={forget.isPending}
      error={forget.error}
      onConfirm={() => forget.mutate(member.id, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}
