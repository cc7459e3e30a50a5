import { createConnection } from 'node:net';

/**
 * Whether a Redis on that port of this machine takes the password and answers PING. One exchange of
 * the wire protocol needs no client library. False while it is still loading its data.
 */
export function redisAnswers(port: number, password: string): Promise<boolean> {
  return new Promise((resolve) => {
    let answer = '';
    const connection = createConnection({ port, host: '127.0.0.1' });
    const finish = (): void => {
      connection.destroy();
      resolve(answer === '+OK\r\n+PONG\r\n');
    };
    connection.setTimeout(2_000, finish);
    connection.on('connect', () => connection.write(`AUTH ${password}\r\nPING\r\n`));
    connection.on('data', (chunk) => {
      answer += chunk.toString();
      if (answer.split('\r\n').length > 2) finish();
    });
    connection.on('close', finish);
    connection.on('error', finish);
  });
}
