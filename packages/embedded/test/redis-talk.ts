import { createConnection } from 'node:net';

/** Sends one command to the Redis of a URL and answers its first line, e.g. "+PONG". */
export function askRedis(url: string, command: string): Promise<string> {
  const { port, password } = new URL(url);
  return new Promise((resolve, reject) => {
    let answer = '';
    const connection = createConnection({ port: Number(port), host: '127.0.0.1' });
    connection.on('connect', () => connection.write(`AUTH ${password}\r\n${command}\r\nQUIT\r\n`));
    connection.on('data', (chunk) => {
      answer += chunk.toString();
    });
    // The first answer is the password's, the last that of QUIT.
    connection.on('end', () => resolve(answer.split('\r\n').slice(1, -2).join(' ')));
    connection.on('error', reject);
  });
}

/** Whether anybody listens on the port of a URL. */
export function isOpen(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = createConnection({ port: Number(new URL(url).port), host: '127.0.0.1' });
    connection.once('connect', () => resolve(true)).once('error', () => resolve(false));
    connection.once('connect', () => connection.destroy());
  });
}
