import { pretty } from './pretty';
import type { ReporterFactory } from '../reporter';

/** A reporter is loaded when it is asked for: some bring libraries that would slow every start down. */
const loadedLate =
  (load: () => ReporterFactory): ReporterFactory =>
  (screen, context) =>
    load()(screen, context);

/** Every reporter by the name that `--reporter` takes. */
export const REPORTERS: Readonly<Record<string, ReporterFactory>> = {
  pretty,
  json: loadedLate(() => (require('./json') as typeof import('./json')).json),
  html: loadedLate(() => (require('./html') as typeof import('./html')).html),
  junit: loadedLate(() => (require('./junit') as typeof import('./junit')).junit),
  github: loadedLate(() => (require('./github') as typeof import('./github')).github),
  markdown: loadedLate(() => (require('./markdown') as typeof import('./markdown')).markdown),
  sarif: loadedLate(() => (require('./sarif') as typeof import('./sarif')).sarif),
};
