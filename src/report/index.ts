import { github } from './github';
import { html } from './html';
import { json } from './json';
import { junit } from './junit';
import { markdown } from './markdown';
import { pretty } from './pretty';
import type { ReporterFactory } from './reporter';
import { sarif } from './sarif';

/** Every reporter by the name that `--reporter` takes. */
export const REPORTERS: Readonly<Record<string, ReporterFactory>> = {
  pretty,
  json,
  html,
  junit,
  github,
  markdown,
  sarif,
};
