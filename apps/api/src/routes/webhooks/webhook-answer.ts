import type { Connection, WebhookHealth } from '@syncline/store';
import { z } from 'zod';

const time = z.iso.datetime().nullable();

export const webhookSchema = z
  .object({
    connectionId: z.guid(),
    name: z.string(),
    path: z.string().describe("Where the vendor delivers, on this server's public address"),
    configured: z.boolean().describe('There is a key that deliveries can be signed with'),
    awaitingUntil: time.describe('Until then the vendor may offer a key'),
    handshakeAt: time.describe('When the vendor offered the key that is used'),
    verifiedAt: time.describe('The first delivery that this key had signed'),
    lastDeliveryAt: time,
    received: z.int(),
    duplicates: z.int().describe('Of those, events that were known already'),
    ignored: z
      .object({ unknownType: z.int(), otherSource: z.int() })
      .describe('Of those, events that are of no interest here: of another kind, or about what is not synced'),
    refused: z.int().describe('Deliveries whose signature or time was not right'),
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

export function webhookAnswer(
  { id, connector, name }: Connection,
  health: WebhookHealth | undefined,
  configured: boolean,
): z.infer<typeof webhookSchema> {
  const { lastRefusedAt, lastRefusedReason } = health ?? {};
  return {
    ...{ connectionId: id, name, path: `/api/webhooks/${connector}/${id}`, configured },
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
