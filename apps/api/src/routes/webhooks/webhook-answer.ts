import type { Connection, WebhookHealth } from '@syncline/store';
import { z } from 'zod';

const time = z.iso.datetime().nullable();

export const webhookSchema = z
  .object({
    connectionId: z.guid(),
    name: z.string(),
    proof: z
      .enum(['signature', 'path'])
      .describe(
        'What shows that a delivery is from the vendor: that it is signed, or that its path has a secret token',
      ),
    path: z
      .string()
      .describe(
        "Where the vendor delivers, on this server's public address; `{token}` stands for a token that is not shown",
      ),
    configured: z.boolean().describe('There is a key that deliveries can be signed with, or a path with a token'),
    awaitingUntil: time.describe('Until then the vendor may offer a key'),
    handshakeAt: time.describe('When the vendor offered the key that is used, or the token was made'),
    verifiedAt: time.describe('The first delivery that this key had signed, or that came to the path with this token'),
    lastDeliveryAt: time,
    received: z.int(),
    duplicates: z
      .int()
      .describe('Of those, events that were known already, or told only of what waits to be looked at anyway'),
    ignored: z
      .object({ unknownType: z.int(), otherSource: z.int() })
      .describe('Of those, events that are of no interest here: of another kind, or about what is not synced'),
    refused: z.int().describe('Deliveries whose signature, token or time was not right'),
    lastRefused: z.object({ at: z.iso.datetime(), reason: z.string() }).nullable(),
    pending: z.int().describe('Records that wait to be fetched again'),
    lag: z
      .object({
        oldestPendingSeconds: z.number().nullable(),
        p50Seconds: z.number().nullable(),
        p99Seconds: z.number().nullable(),
        settled: z.int().describe('Over so many that were settled within a day, a thousand at most'),
        failed: z.int().describe('Of those, records that became failed items'),
      })
      .describe('From a delivery to its row'),
  })
  .meta({ id: 'Webhook', description: "How a connection's webhooks are" });

/** With a token, it is a secret. */
export function webhookPath({ id, connector }: Connection, token: string | undefined): string {
  return `/api/webhooks/${connector}/${id}${token === undefined ? '' : `/${token}`}`;
}

export function webhookAnswer(
  connection: Connection,
  proof: z.infer<typeof webhookSchema>['proof'],
  health: WebhookHealth | undefined,
  configured: boolean,
): z.infer<typeof webhookSchema> {
  const { lastRefusedAt, lastRefusedReason } = health ?? {};
  const { id, name } = connection;
  return {
    ...{ connectionId: id, name, proof, configured },
    path: webhookPath(connection, proof === 'path' ? '{token}' : undefined),
    awaitingUntil: health?.awaitingUntil?.toISOString() ?? null,
    handshakeAt: health?.handshakeAt?.toISOString() ?? null,
    verifiedAt: health?.verifiedAt?.toISOString() ?? null,
    lastDeliveryAt: health?.lastDeliveryAt?.toISOString() ?? null,
    received: health?.received ?? 0,
    duplicates: health?.duplicates ?? 0,
    ignored: { unknownType: health?.ignoredType ?? 0, otherSource: health?.ignoredSource ?? 0 },
    refused: health?.refused ?? 0,
    lastRefused: lastRefusedAt ? { at: lastRefusedAt.toISOString(), reason: lastRefusedReason ?? '' } : null,
    pending: health?.pending ?? 0,
    lag: {
      oldestPendingSeconds: health?.oldestPendingSeconds ?? null,
      p50Seconds: health?.p50Seconds ?? null,
      p99Seconds: health?.p99Seconds ?? null,
      settled: health?.settled ?? 0,
      failed: health?.failed ?? 0,
    },
  };
}
