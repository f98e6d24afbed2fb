import { resolve } from 'node:path';

/** The directory of this repository. */
export const ROOT = resolve(__dirname, '../..');
