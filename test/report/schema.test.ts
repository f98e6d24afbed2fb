import Ajv from 'ajv';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Verdict } from '../../src/model/verdict';
import { ROOT, replay, reportOf, scratchDirectory, writeEdited } from '../helpers/replay-cli';

const schema = JSON.parse(readFileSync(join(ROOT, 'schemas/report.schema.json'), 'utf8')) as object;
const validate = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(schema);

describe('schemas/report.schema.json', () => {
  it('describes the real report, with every verdict in it', async () => {
    const directory = scratchDirectory();
    cpSync(join(ROOT, 'test/services/small/histories'), join(directory, 'histories'), { recursive: true });
    writeFileSync(join(directory, 'histories/broken.json'), '{');
    const workflows = join(directory, 'workflows.ts');
    writeEdited(join(ROOT, 'test/services/small/workflows.ts'), workflows, [
      ['wf.sleep(10)', 'wf.sleep(20)'],
      ["await act2('comp');", "await act('comp');"],
      ["await wf.sleep('1h');\n}", "throw new TypeError('x');\n}"],
      ["if (wf.patched('p1')) {", "for (;;);\n  if (wf.patched('p1')) {"],
    ]);

    const args = ['run', 'histories', '--workflows-path', workflows, '--timeout', '3s', '--reporter', 'json'];
    const report = reportOf(await replay(args, { cwd: directory }));

    expect(validate(report) ? [] : validate.errors).toEqual([]);
    const verdicts = new Set(report.results.map((result) => result.verdict));
    const all: Verdict[] = ['compatible', 'drifted', 'failed', 'incompatible', 'invalid', 'timeout'];
    expect([...verdicts].sort()).toEqual(all);
  });

  it('refuses a report with a field too many or a verdict that there is not', () => {
    const summary = {
      histories: 0,
      compatible: 0,
      incompatible: 0,
      failed: 0,
      drifted: 0,
      timeout: 0,
      invalid: 0,
    };
    const report = {
      schemaVersion: 1,
      summary: { ...summary, events: 0, durationMs: 1, uncoveredTypes: [] },
      results: [],
      groups: [],
    };

    expect(validate(report)).toBe(true);
    expect(validate({ ...report, extra: 1 })).toBe(false);
    expect(validate({ ...report, results: [{ verdict: 'fine' }] })).toBe(false);
  });
});
