import type { ReporterDefinition, ReporterFactory } from '../reporter';

/** Loads a reporter when it is opened, because some bring libraries that would slow every start down. */
const loadedLate =
  (load: () => ReporterFactory): ReporterFactory =>
  (screen, context) =>
    load()(screen, context);

/** The table of reporters, by the name that `--reporter` takes. */
export const REPORTERS: Readonly<Record<string, ReporterDefinition>> = {
  pretty: {
    open: loadedLate(() => (require('./pretty') as typeof import('./pretty')).pretty),
    reader: 'person',
    isDefault: () => true,
  },
  json: {
    open: loadedLate(() => (require('./json') as typeof import('./json')).json),
    reader: 'program',
    needs: { temporalUi: true },
  },
  html: {
    open: loadedLate(() => (require('./html') as typeof import('./html')).html),
    reader: 'program',
    needs: { timelines: true, temporalUi: true },
  },
  junit: {
    open: loadedLate(() => (require('./junit') as typeof import('./junit')).junit),
    reader: 'program',
  },
  github: {
    open: loadedLate(() => (require('./github') as typeof import('./github')).github),
    reader: 'runner',
    // GitLab has no such commands: its CI template asks for a junit file instead.
    isDefault: (env) => env['GITHUB_ACTIONS'] === 'true',
  },
  markdown: {
    open: loadedLate(() => (require('./markdown') as typeof import('./markdown')).markdown),
    reader: 'program',
  },
  sarif: {
    open: loadedLate(() => (require('./sarif') as typeof import('./sarif')).sarif),
    reader: 'program',
  },
};
