import { html } from './html';
import { json } from './json';
import { pretty } from './pretty';
import type { ReporterFactory } from './reporter';

/** Every reporter by the name that `--reporter` takes. */
export const REPORTERS: Readonly<Record<string, ReporterFactory>> = { pretty, json, html };
