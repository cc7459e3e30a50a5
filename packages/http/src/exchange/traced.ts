import { inSpan } from '@syncline/tracing';
import type { Attempt } from '../call.js';

/** Makes a span of each request to a vendor. Its query may hold names, its headers secrets: neither is told. */
export function traced(attempt: Attempt): Attempt {
  return (call) => {
    const { method, url } = call;
    const attributes = {
      'http.request.method': method,
      'server.address': url.hostname,
      'server.port': Number(url.port) || (url.protocol === 'https:' ? 443 : 80),
      'url.path': url.pathname,
    };
    return inSpan(`${method} ${url.hostname}`, { kind: 'client', attributes }, async (span) => {
      const response = await attempt(call);
      span.set({ 'http.response.status_code': response.status });
      return response;
    });
  };
}
