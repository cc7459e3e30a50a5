import type { ReactNode } from 'react';
import type { Webhook } from '../../api/types.js';
import { Badge } from '../../ui/badge.js';
import { Card } from '../../ui/card.js';
import { Copied } from '../../ui/copied.js';
import { Moment } from '../../ui/moment.js';

const proofs = {
  signature: 'The vendor signs each delivery.',
  path: 'The vendor does not sign: the address has a secret token, which only he is told.',
};

interface SubscriptionProps {
  readonly webhook: Webhook;
  /** What can be done to it. */
  readonly children: ReactNode;
}

/** Where a vendor delivers, and how far the two have come to an agreement. */
export function Subscription({ webhook, children }: SubscriptionProps) {
  const { path, proof, configured, awaitingUntil, handshakeAt, verifiedAt, lastDeliveryAt } = webhook;
  return (
    <Card title="Subscription" actions={<State of={webhook} />}>
      <div className="flex flex-col gap-4 p-4 text-sm">
        <Copied
          label="Address"
          value={`${location.origin}${path}`}
          hint="With the name under which the vendor reaches this server."
        />
        <p className="text-ink-soft">{proofs[proof]}</p>
        <dl className="grid grid-cols-[9rem_1fr] gap-y-1.5">
          <dt className="text-ink-soft">{proof === 'path' ? 'Token' : 'Key'}</dt>
          <dd>{configured ? 'there is one' : 'none yet'}</dd>
          {awaitingUntil && (
            <>
              <dt className="text-ink-soft">Waits for a key</dt>
              <dd>
                until <Moment at={awaitingUntil} />
              </dd>
            </>
          )}
          <dt className="text-ink-soft">{proof === 'path' ? 'Token made' : 'Handshake'}</dt>
          <dd>
            <Moment at={handshakeAt} />
          </dd>
          <dt className="text-ink-soft">Proved</dt>
          <dd>
            <Moment at={verifiedAt} />
          </dd>
          <dt className="text-ink-soft">Last delivery</dt>
          <dd>
            <Moment at={lastDeliveryAt} />
          </dd>
        </dl>
        {children}
      </div>
    </Card>
  );
}

function State({ of: { verifiedAt, awaitingUntil, configured } }: { readonly of: Webhook }) {
  if (verifiedAt) return <Badge tone="good">in use</Badge>;
  if (awaitingUntil) return <Badge tone="info">waits for the vendor</Badge>;
  return configured ? <Badge tone="warn">not proved yet</Badge> : <Badge>not set up</Badge>;
}
