import { dirname, join, sep } from 'node:path';

/** Directory of this package. */
export const OWN_PACKAGE = dirname(dirname(__dirname));

/** Directory of this package's code, with a separator at its end. */
export const OWN_CODE = join(__dirname, '..') + sep;
