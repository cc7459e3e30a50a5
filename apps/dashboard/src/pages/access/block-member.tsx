import { useBlockMember } from '../../api/members.js';
import type { Member } from '../../api/types.js';
import { Confirm } from '../../ui/confirm.js';
import { Field, Input } from '../../ui/field.js';
import { Note } from '../../ui/note.js';
import { nameOf } from './member-row.js';

/** Shuts somebody out, for a reason. */
export function BlockMember({ member, onClose }: { readonly member: Member; readonly onClose: () => void }) {
  const block = useBlockMember();
  const { liveKeys } = member;
  return (
    <Confirm
      title={`Shut ${nameOf(member)} out?`}
      description="Their tokens and browsers open nothing of this organization from their next request on, whatever the identity provider says."
      label="Shut out"
      isBusy={block.isPending}
      error={block.error}
      onConfirm={(form) => {
        const reason = String(form.get('reason') ?? '').trim();
        if (reason !== '') block.mutate({ id: member.id, reason }, { onSuccess: onClose });
      }}
      onClose={onClose}
    >
      {liveKeys > 0 && (
        <Note tone="warn">
          {liveKeys === 1 ? 'An API key that they made is' : `${liveKeys} API keys that they made are`} good still:
          revoke what they may have kept.
        </Note>
      )}
      <Field label="Reason" hint="The audit log has it, and whoever asks later.">
        <Input name="reason" required maxLength={500} autoComplete="off" />
      </Field>
    </Confirm>
  );
}
