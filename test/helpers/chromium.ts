import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Returns the path of `CHROMIUM_PATH`, of Debian's package or of a Chromium in the PATH, in this order, or null. */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | null {
  const inPath = (env.PATH ?? '').split(delimiter).flatMap((dir) => NAMES.map((name) => join(dir, name)));
  const candidates = env.CHROMIUM_PATH ? [env.CHROMIUM_PATH] : ['/usr/bin/chromium', ...inPath];
  return candidates.find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const launchChromium = (executablePath: string): Promise<Browser> =>
  chromium.launch({ executablePath, args: ARGUMENTS });

/** `describe` if there is a Chromium. Without one the block is skipped, with the reason in its name and on stderr. */
export function describeInChromium(name: string, block: (executablePath: string) => void): void {
  const executablePath = findChromium();
  if (executablePath !== null) return describe(`${name} (in Chromium)`, () => block(executablePath));
  process.stderr.write(
    `Skipped: ${name}: there is no Chromium. Install Debian's chromium package, or set CHROMIUM_PATH.\n`,
  );
  describe.skip(`${name} (skipped: no Chromium; set CHROMIUM_PATH)`, () => block(''));
}
