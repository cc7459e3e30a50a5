export interface RedisSettings {
  port: number;
  password: string;
  /** Folder of the data. */
  data: string;
  pidFile: string;
  ephemeral: boolean;
}

/** The text of Redis' configuration. A file, so that the password is not on a command line for all to see. */
export function redisConfig(settings: RedisSettings): string {
  const lines: [string, string][] = [
    ['bind', '127.0.0.1'],
    ['port', String(settings.port)],
    ['protected-mode', 'yes'],
    ['requirepass', settings.password],
    ['databases', '16'],
    ['tcp-backlog', '128'],
    ['dir', settings.data],
    ['pidfile', settings.pidFile],
    ['daemonize', 'no'],
    // To standard output, which we have led to a file.
    ['logfile', ''],
    // Keep the command line as it is: by the configuration's path on it a later start knows the process is ours.
    ['set-proc-title', 'no'],
    // Queues must never be evicted; out of memory has to be an error.
    ['maxmemory-policy', 'noeviction'],
    // The append-only file holds everything; snapshots beside it would only cost time and memory.
    ['save', ''],
    ['appendonly', settings.ephemeral ? 'no' : 'yes'],
    ['appendfsync', 'everysec'],
  ];
  return lines.map(([key, value]) => `${key} ${quote(value)}\n`).join('');
}

/** Redis' own quoting: paths may hold blanks, quotes and backslashes. */
function quote(value: string): string {
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}
