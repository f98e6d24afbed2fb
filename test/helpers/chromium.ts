import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** `CHROMIUM_PATH`, else Debian's package, else what is in the PATH; null where there is none. */
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

/** `describe` where a Chromium is there; elsewhere the block is skipped, which its name and a line on stderr say. */
export function describeInChromium(name: string, block: (executablePath: string) => void): void {
  const executablePath = findChromium();
  if (executablePath !== null) return describe(`${name} (in Chromium)`, () => block(executablePath));
  process.stderr.write(
    `Skipped: ${name}: there is no Chromium. Install Debian's chromium package, or set CHROMIUM_PATH.\n`,
  );
  describe.skip(`${name} (skipped: no Chromium; set CHROMIUM_PATH)`, () => block(''));
}
