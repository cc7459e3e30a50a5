import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/**
 * A network between our processes and a service that does what networks do. It begins by passing everything on.
 * Each fault counts what it has struck, so that a test can tell whether there was a fault at all.
 */
export interface TcpProxy {
  /** The service's URL by way of the proxy. */
  readonly url: string;
  /** Connections that clients have begun. */
  readonly accepted: number;
  /** Connections that there are. */
  readonly open: number;
  /** Where the service is now, should it have moved. */
  aim(serviceUrl: string): void;
  /** Ends every fault; what was kept back goes on. */
  pass(): void;
  /** Resets the connections there are. Returns how many. */
  cut(): number;
  /** Resets them, and every new one as well, until `pass`. */
  refuse(): number;
  /** Keeps back what is sent either way, on new connections as well, until `pass`. Returns the connections there are. */
  stall(): number;
  /** The connections there are become silent for ever, without an end that anybody would notice; new ones pass. */
  strand(): number;
  /** Of the next answers of at least `bytes` in one piece only a half goes through, then the connection is reset. */
  halve(bytes: number, times: number): Fault;
  /** Where a client sends `cue` and later `last`, `last` arrives, but its answer does not: the connection is reset. */
  loseAnswer(cue: string, last: string, times: number): Fault;
  close(): Promise<void>;
}

interface Fault {
  readonly hits: number;
}

type Mode = 'passing' | 'stalled' | 'stranded';

interface Link {
  readonly client: Socket;
  readonly service: Socket;
  mode: Mode;
  readonly kept: (() => void)[];
  /** The end of what the client has sent, for cues that arrive in two pieces. */
  tail: string;
  cued: boolean;
  answerLost: boolean;
}

const tailLength = 200;

export async function startProxy(serviceUrl: string): Promise<TcpProxy> {
  const links = new Set<Link>();
  let target = new URL(serviceUrl);
  let modeOfNew: Mode | 'refused' = 'passing';
  let accepted = 0;
  let halving: { bytes: number; left: number; hits: number } | undefined;
  let losing: { cue: string; last: string; left: number; hits: number } | undefined;

  const end = (link: Link) => {
    links.delete(link);
    link.client.resetAndDestroy();
    link.service.resetAndDestroy();
  };
  const onSent = (link: Link, chunk: Buffer) => {
    if (losing && losing.left > 0) {
      const text = link.tail + chunk.toString('latin1');
      link.tail = text.slice(-tailLength);
      link.cued ||= text.includes(losing.cue);
      if (link.cued && text.includes(losing.last)) {
        losing.left -= 1;
        losing.hits += 1;
        link.answerLost = true;
      }
    }
    link.service.write(chunk);
  };
  const onAnswer = (link: Link, chunk: Buffer) => {
    if (link.answerLost) return end(link);
    if (halving && halving.left > 0 && chunk.length >= halving.bytes) {
      halving.left -= 1;
      halving.hits += 1;
      links.delete(link);
      link.service.destroy();
      // Sent, and only then reset: a reset at once would take the half along.
      link.client.write(chunk.subarray(0, chunk.length / 2), () => setImmediate(() => link.client.resetAndDestroy()));
      return;
    }
    link.client.write(chunk);
  };
  /** Does it now, when the stall is over, or never. */
  const inMode = (link: Link, what: () => void) => {
    if (link.mode === 'passing') what();
    else if (link.mode === 'stalled') link.kept.push(what);
  };
  const server = createServer((client) => {
    accepted += 1;
    client.on('error', () => undefined);
    if (modeOfNew === 'refused') return void client.resetAndDestroy();
    const service = connect(Number(target.port), target.hostname);
    const link: Link = { client, service, mode: modeOfNew, kept: [], tail: '', cued: false, answerLost: false };
    links.add(link);
    client.setNoDelay(true);
    service.setNoDelay(true);
    service.on('error', () => undefined);
    client.on('data', (chunk: Buffer) => inMode(link, () => onSent(link, chunk)));
    service.on('data', (chunk: Buffer) => inMode(link, () => onAnswer(link, chunk)));
    client.on('close', () => inMode(link, () => service.destroy()));
    // A service that ends a connection in order has said why in the bytes before.
    service.on('end', () => inMode(link, () => client.end()));
    service.on('close', () =>
      inMode(link, () => {
        links.delete(link);
        client.destroySoon();
      }),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = Object.assign(new URL(serviceUrl), { hostname: '127.0.0.1', port: String(port) }).href;

  const setMode = (mode: Mode) => {
    for (const link of links) link.mode = mode;
    return links.size;
  };
  const cut = () => {
    const count = links.size;
    for (const link of [...links]) end(link);
    return count;
  };
  return {
    url,
    get accepted() {
      return accepted;
    },
    get open() {
      return links.size;
    },
    aim: (next) => {
      target = new URL(next);
    },
    pass: () => {
      modeOfNew = 'passing';
      halving = undefined;
      losing = undefined;
      for (const link of links) {
        if (link.mode !== 'stalled') continue;
        link.mode = 'passing';
        for (const go of link.kept.splice(0)) go();
      }
    },
    cut,
    refuse: () => {
      modeOfNew = 'refused';
      return cut();
    },
    stall: () => {
      modeOfNew = 'stalled';
      return setMode('stalled');
    },
    strand: () => setMode('stranded'),
    halve: (bytes, times) => {
      halving = { bytes, left: times, hits: 0 };
      return halving;
    },
    loseAnswer: (cue, last, times) => {
      losing = { cue, last, left: times, hits: 0 };
      return losing;
    },
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      cut();
      await closed;
    },
  };
}
