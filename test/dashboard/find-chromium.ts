import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** A Chromium of this machine: SYNCLINE_TEST_CHROMIUM, or one on the PATH. Undefined, with a line that says so, where there is none. */
export function findChromium(): string | undefined {
  const given = process.env['SYNCLINE_TEST_CHROMIUM'];
  if (given) return given;
  const found = (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((file) => existsSync(file));
  if (found === undefined) {
    process.stdout.write(
      'The dashboard is not tried in a browser: there is no Chromium here (apt-get install chromium)\n',
    );
  }
  return found;
}
