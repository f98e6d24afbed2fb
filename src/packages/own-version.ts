import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OWN_PACKAGE } from './own-code';

/** Returns the version of this package. */
export const ownVersion = (): string =>
  (JSON.parse(readFileSync(join(OWN_PACKAGE, 'package.json'), 'utf8')) as { version: string }).version;
