import { Cluster } from 'ioredis';
import type { RedisClient } from './open-redis.js';
import { RedisSetupError } from './redis-address.js';

/** OpenSSL's and Node's words for certificates that are refused. */
const certificate =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(GET_ISSUER_CERT|VERIFY_LEAF)\w*|CERT_\w+|ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)$/;

/** What to change, where an error of Redis' will not pass by itself; undefined for the others. Holds no secret. */
function explainRedisError(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { message } = error;
  const { code = '', lastNodeError } = error as { code?: string; lastNodeError?: unknown };
  if (lastNodeError !== undefined) return explainRedisError(lastNodeError);
  // Of a Cluster's nodes and of Sentinels only the text comes through.
  const words = [code, ...message.split(/[\s:]+/)];
  if (
    words.some((word) => certificate.test(word)) ||
    /self[- ]signed certificate|unable to verify|altnames/.test(message)
  ) {
    return `Redis' certificate is refused (${message}): set REDIS_TLS_CA_FILE to the authority that signed it, and REDIS_TLS_SERVERNAME where it is for another name than REDIS_URL has.`;
  }
  if (/alert (certificate required|handshake failure|unknown ca|bad certificate)|certificate required/i.test(message)) {
    return 'Redis refuses our certificate, or misses it: set REDIS_TLS_CERT_FILE and REDIS_TLS_KEY_FILE to a pair that it accepts.';
  }
  if (/wrong version number|packet length too long/i.test(message)) {
    return 'Redis does not speak TLS at this port: let REDIS_URL begin with redis instead of rediss, or use the TLS port.';
  }
  if (/^(WRONGPASS|NOAUTH)|invalid username-password/.test(message)) {
    return 'Redis refuses the user or password in REDIS_URL.';
  }
  const [, command] = /^NOPERM.*?'([^']+)' command/.exec(message) ?? [];
  if (message.startsWith('NOPERM')) {
    return `Redis does not let this user ${command === undefined ? 'use our keys' : `run ${command}`} (${message}): docs/topologies.md has the rules that it needs.`;
  }
  if (/cluster support disabled/.test(message)) {
    return 'This Redis is no Cluster: let REDIS_URL begin with redis:// (or rediss://).';
  }
  if (/^All sentinels are unreachable/.test(message) && !/Last error/.test(message)) {
    return 'The Sentinels know no master of the name that REDIS_URL has after them.';
  }
  return undefined;
}

/**
 * What `work` answers, unless the connection meanwhile reports what somebody has to change: commands would wait for ever
 * for a Redis whose certificate is refused. Throws RedisSetupError then, else what `work` throws.
 */
export async function unlessRefused<T>(redis: RedisClient, work: () => Promise<T>): Promise<T> {
  let onError: (error: unknown) => void = () => undefined;
  const refused = new Promise<never>((_, reject) => {
    onError = (error) => {
      const sentence = explainRedisError(error);
      if (sentence !== undefined) reject(new RedisSetupError(sentence, { cause: error }));
    };
  });
  const events = redis instanceof Cluster ? ['error', 'node error'] : ['error'];
  for (const event of events) redis.on(event, onError);
  try {
    return await Promise.race([work(), refused]);
  } catch (error) {
    const sentence = explainRedisError(error);
    throw sentence === undefined ? error : new RedisSetupError(sentence, { cause: error });
  } finally {
    for (const event of events) redis.off(event, onError);
  }
}
