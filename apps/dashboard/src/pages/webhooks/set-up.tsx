import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Webhook } from '../../api/types.js';
import { useRemoveWebhook, useSetUpWebhook, webhookSetUpQuery } from '../../api/webhooks.js';
import { Button } from '../../ui/button.js';
import { Confirm } from '../../ui/confirm.js';
import { Copied } from '../../ui/copied.js';
import { Note } from '../../ui/note.js';

interface SetUpProps {
  readonly connectionId: string;
  readonly webhook: Webhook;
}

/** Agreeing with the vendor on a key or a path, doing so anew, and ending it. For admins. */
export function SetUp({ connectionId, webhook: { proof, configured, awaitingUntil, verifiedAt } }: SetUpProps) {
  const [asked, setAsked] = useState<'set-up' | 'remove' | undefined>();
  const setUp = useSetUpWebhook(connectionId);
  const remove = useRemoveWebhook(connectionId);
  const close = () => setAsked(undefined);
  const isUnderWay = awaitingUntil !== null || (configured && verifiedAt === null);
  // A token to paste is there only until the vendor has used it.
  const { data } = useQuery({ ...webhookSetUpQuery(connectionId), enabled: isUnderWay && proof === 'signature' });
  const token = isUnderWay ? data?.verificationToken : null;
  const secretPath = setUp.data?.secretPath;
  const verb = !configured && !isUnderWay ? 'Set up' : proof === 'path' ? 'New address' : 'New key';
  return (
    <>
      {secretPath && (
        <>
          <Note tone="warn">Copy it now: it is not kept, and nobody can show it again.</Note>
          <Copied label="Secret address" value={`${location.origin}${secretPath}`} hint="Its URL at the vendor." />
        </>
      )}
      {token && (
        <Copied label="Verification token" value={token} hint="Paste it at the vendor. It goes when it is proved." />
      )}
      {awaitingUntil && !token && proof === 'signature' && (
        <Note tone="warn">
          Create the subscription at the vendor now, with the address above. Its token appears here.
        </Note>
      )}
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => setAsked('set-up')}>{verb}</Button>
        {(configured || isUnderWay) && (
          <Button look="danger" onClick={() => setAsked('remove')}>
            Remove
          </Button>
        )}
      </div>
      {asked === 'set-up' && (
        <Confirm
          title={verb === 'Set up' ? 'Set up webhooks?' : `${verb}?`}
          description={
            proof === 'path'
              ? 'Makes an address with a secret token, shown once. One that is in use goes on for a day beside it: time to change the subscription.'
              : 'For an hour this connection accepts the token that the vendor sends when a subscription is created. A key that is in use goes on for a day beside the new one.'
          }
          label={verb}
          look="primary"
          isBusy={setUp.isPending}
          error={setUp.error}
          onConfirm={() => setUp.mutate(undefined, { onSuccess: close })}
          onClose={close}
        />
      )}
      {asked === 'remove' && (
        <Confirm
          title="Remove the webhooks?"
          description="Deliveries are refused within seconds. Nothing is lost: syncs bring what they would have told of, later. Delete the subscription at the vendor as well."
          label="Remove"
          isBusy={remove.isPending}
          error={remove.error}
          onConfirm={() =>
            remove.mutate(undefined, {
              onSuccess: () => {
                setUp.reset();
                close();
              },
            })
          }
          onClose={close}
        />
      )}
    </>
  );
}
