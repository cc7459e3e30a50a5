// The programs of this repository, by the words that start them: `npm run <word>` (launch.mjs) and the arguments of the
// container image (container.mjs).

/** The app that answers to a word. The CLI has several and is told which one. */
const apps = {
  up: 'cli',
  simulator: 'cli',
  demo: 'cli',
  migrate: 'cli',
  adopt: 'cli',
  keys: 'cli',
  sync: 'cli',
  verify: 'cli',
  schema: 'cli',
  doctor: 'cli',
  takeover: 'cli',
  api: 'api',
  worker: 'worker',
};

export const commands = Object.keys(apps);

/** The script of a command, by its path from the root, and its arguments; undefined if there is no such command. */
export function programOf(command, args) {
  if (!Object.hasOwn(apps, command ?? '')) return undefined;
  const app = apps[command];
  return { script: `apps/${app}/dist/bundle.js`, args: app === 'cli' ? [command, ...args] : args };
}
