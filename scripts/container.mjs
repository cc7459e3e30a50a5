#!/usr/bin/env node
// The first process of a container: becomes the program that its first argument names, in this very process, so that
// signals and exit codes are the program's own.
import { commands, programOf } from './commands.mjs';
import { probe } from './probe.mjs';

const [command, ...rest] = process.argv.slice(2);

// The kernel drops signals that the first process of a container has no handler for, so that a migration, say, could only
// be killed. A program that listens itself decides by itself.
for (const [signal, number] of [
  ['SIGTERM', 15],
  ['SIGINT', 2],
]) {
  process.on(signal, () => process.listenerCount(signal) === 1 && process.exit(128 + number));
}

// These bring services of their own, which a container has no programs for.
const elsewhere = ['up', 'schema'];
const known = commands.filter((name) => !elsewhere.includes(name));
const program = known.includes(command) ? programOf(command, rest) : undefined;
if (program) {
  const script = new URL(`../${program.script}`, import.meta.url);
  process.argv = [process.execPath, script.pathname, ...program.args];
  await import(script.href);
} else if (command === 'probe') {
  process.exitCode = await probe(rest[0]);
} else {
  const asked = command === undefined || command === '--help' || command === 'help';
  const usage = `Usage: docker run … syncline ${known.join('|')} [options]\nVariables: docs/configuration.md. Compose: docs/containers.md.\n`;
  (asked ? process.stdout : process.stderr).write(asked ? usage : `There is no command ${command} here.\n${usage}`);
  process.exitCode = asked ? 0 : 2;
}
