/** Prints the option tables of docs/configuration.md anew: `npm run docs:options`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withOptionTables } from './option-tables';

const path = join(__dirname, '../docs/configuration.md');
writeFileSync(path, withOptionTables(readFileSync(path, 'utf8')));
