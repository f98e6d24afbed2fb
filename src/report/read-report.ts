import { readFile } from 'node:fs/promises';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { TemporalReplayError, messageOf } from '../errors';
import { messageParts } from '../model/message';
import type { DiagnosedReport, RunReport } from '../model/report';
import { resultError } from '../model/result-error';

/**
 * Reads a report that the reporter `json` has written. Timelines are not part of such a file.
 *
 * @throws REPORT_INVALID
 */
export async function readReport(path: string): Promise<DiagnosedReport> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (err) {
    throw new TemporalReplayError('REPORT_INVALID', `${path} cannot be read: ${messageOf(err)}`, {
      cause: err,
    });
  }
  const validate = validator();
  if (!validate(value)) {
    const [error] = validate.errors as [ErrorObject];
    const where = error.instancePath === '' ? 'the report' : error.instancePath;
    throw new TemporalReplayError(
      'REPORT_INVALID',
      `${path} is no report of this version: ${where} ${error.message ?? 'is not valid'}.`,
    );
  }
  return withParts(value as RunReport);
}

/** The schema is compiled late: it takes some time, and few commands read reports. */
function validator(): ValidateFunction {
  const { default: Ajv } = require('ajv') as typeof import('ajv');
  const schema = require('../../schemas/report.schema.json') as object;
  return new Ajv({ allowUnionTypes: true }).compile(schema);
}

/** Adds the parts of messages. A published message counts as text of this package: what is to stay hidden is not in it. */
const withParts = (report: RunReport): DiagnosedReport => ({
  ...report,
  results: report.results.map(({ error, ...result }) => ({
    ...result,
    ...(error && { error: resultError({ code: error.code, own: error.message }) }),
  })),
  groups: report.groups.map((group) => ({
    ...group,
    headlineParts: messageParts({ own: group.headline }),
    variants: group.variants.map((variant) => ({
      ...variant,
      headlineParts: messageParts({ own: variant.headline }),
    })),
  })),
  ...(report.notes && {
    notes: report.notes.map((note) => ({ ...note, parts: messageParts({ own: note.message }) })),
  }),
});
