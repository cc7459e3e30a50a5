import { parseEnvironment } from '@syncline/config';
import { StartError } from '@syncline/service';
import { describe, expect, it } from 'vitest';
import { alertWebhookOf } from './alert-webhook.js';

const url = 'https://127.0.0.1:4433/hook?token=S3CRET';
const secret = `whsec_${Buffer.alloc(24, 1).toString('base64')}`;
const webhookOf = (variables: Record<string, string>) => alertWebhookOf(parseEnvironment(variables));
const refused = (variables: Record<string, string>) => {
  try {
    webhookOf(variables);
  } catch (error) {
    if (error instanceof StartError) return error.message;
    throw error;
  }
  return 'it was taken';
};

describe('the webhook of the environment', () => {
  it('is none unless an address is given', () => {
    expect(webhookOf({})).toBeUndefined();
    expect(webhookOf({ SYNCLINE_ALERT_WEBHOOK_SECRET: secret })).toBeUndefined();
  });

  it('needs a key', () => {
    expect(refused({ SYNCLINE_ALERT_WEBHOOK_URL: 'https://example.com/' })).toMatch(/WEBHOOK_SECRET is required/);
  });

  it.each(['whsec_', 'whsec_c2hvcnQ=', Buffer.alloc(24).toString('base64'), `whsec_${'A'.repeat(120)}`])(
    'takes no key like %s',
    (key) => {
      expect(() => webhookOf({ SYNCLINE_ALERT_WEBHOOK_SECRET: key })).toThrow(/has to be whsec_ and 24 to 64 bytes/);
    },
  );

  it('is at a public address, unless the allow list has it', () => {
    const given = { SYNCLINE_ALERT_WEBHOOK_URL: url, SYNCLINE_ALERT_WEBHOOK_SECRET: secret };
    expect(refused(given)).toMatch(/^SYNCLINE_ALERT_WEBHOOK_URL: .*not a public address/);
    expect(refused(given)).not.toMatch('S3CRET');
    expect(refused({ ...given, SYNCLINE_ALERT_WEBHOOK_URL: 'http://example.com/' })).toMatch(/not https/);
    expect(webhookOf({ ...given, SYNCLINE_EGRESS_ALLOW: '127.0.0.1:4433' })).toEqual({ url, secret });
  });
});
