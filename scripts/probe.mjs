import { readFileSync } from 'node:fs';

const patienceMs = 4_000;

/**
 * Asks the container's program how it is: 0 if it answers that it is well, else 1 with what it said. `what` is a path of
 * its server (/healthz unless told otherwise) or the whole URL of another one. Programs that listen to nobody, such as a
 * migration, are well as long as they run.
 */
export async function probe(what = '/healthz') {
  const url = what.startsWith('/') ? addressOf(readFileSync('/proc/1/cmdline', 'utf8').split('\0'), what) : what;
  if (url === undefined) return 0;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(patienceMs) });
    process.stdout.write(`${response.status} ${(await response.text()).slice(0, 300)}\n`);
    return response.ok ? 0 : 1;
  } catch (error) {
    process.stdout.write(`${url}: ${error.cause?.message ?? error.message}\n`);
    return 1;
  }
}

/** Where the program of that command line listens, by the variables that it was given as well. */
function addressOf(commandLine, path) {
  const port = commandLine.includes('api')
    ? process.env.PORT
    : commandLine.includes('worker')
      ? process.env.SYNCLINE_WORKER_PORT
      : undefined;
  return port ? `http://127.0.0.1:${port}${path}` : undefined;
}
