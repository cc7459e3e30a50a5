/** What follows the connection in a path of webhooks, however the path is written. */
const afterConnection = /(\/webhooks\/+[^/]+\/+[^/]+\/+)[^/].*$/i;
/** What looks like such a token, wherever somebody has put it. */
const token = /whk(?:_|%5f)[^/]*/gi;

/**
 * A URL as it may stand in a log: its path alone, for query values may hold what must not be kept, and without the tokens
 * that paths of webhooks have. Also where no route is: whoever pastes such an address wrongly must not have it logged.
 */
export function loggedPath(url: string): string {
  const [path = ''] = url.split('?', 1);
  return path.replace(afterConnection, '$1[redacted]').replace(token, '[redacted]');
}
