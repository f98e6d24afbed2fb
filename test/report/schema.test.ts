import Ajv from 'ajv';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DIFFERENCE_KINDS, REMEDY_CODES } from '../../src/model/diagnosis';
import { TIMELINE_KINDS, TIMELINE_STATUSES } from '../../src/model/timeline';
import { VERDICTS } from '../../src/model/verdict';
import { ROOT, replay, reportOf, scratchDirectory, writeEdited } from '../helpers/replay-cli';

const ALL_VERDICTS = Object.keys(VERDICTS);

interface Enumeration {
  enum: string[];
}
interface ReportSchema {
  properties: { summary: { required: string[]; properties: object } };
  definitions: {
    result: { properties: { verdict: Enumeration } };
    group: { properties: { verdict: Enumeration; kind: Enumeration } };
    remedy: { properties: { code: Enumeration } };
  };
}
const schema = JSON.parse(readFileSync(join(ROOT, 'schemas/report.schema.json'), 'utf8')) as ReportSchema;
const validate = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(schema);

describe('schemas/timeline.schema.json', () => {
  it('allows exactly the kinds and statuses of the model', () => {
    const { definitions } = JSON.parse(readFileSync(join(ROOT, 'schemas/timeline.schema.json'), 'utf8')) as {
      definitions: { status: Enumeration; entry: { properties: { kind: Enumeration } } };
    };

    expect(definitions.entry.properties.kind.enum).toEqual(TIMELINE_KINDS);
    expect(definitions.status.enum).toEqual(TIMELINE_STATUSES);
  });
});

describe('schemas/report.schema.json', () => {
  it('counts, and allows in a result, exactly the verdicts of the table, in its order', () => {
    const { summary } = schema.properties;

    expect(schema.definitions.result.properties.verdict.enum).toEqual(ALL_VERDICTS);
    expect(summary.required.slice(1, 1 + ALL_VERDICTS.length)).toEqual(ALL_VERDICTS);
    expect(Object.keys(summary.properties)).toEqual(summary.required);
  });

  it('allows in a group every verdict but compatible', () => {
    const others = ALL_VERDICTS.filter((verdict) => verdict !== 'compatible');

    expect(schema.definitions.group.properties.verdict.enum).toEqual(others);
  });

  it('allows exactly the kinds of difference and the remedies of the model', () => {
    const { group, remedy } = schema.definitions;

    expect(group.properties.kind.enum).toEqual(DIFFERENCE_KINDS);
    expect(remedy.properties.code.enum).toEqual(REMEDY_CODES);
  });

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
    expect([...verdicts].sort()).toEqual([...ALL_VERDICTS].sort());
  });

  it('refuses a report with an unknown field or an unknown verdict', () => {
    const counts = Object.fromEntries(ALL_VERDICTS.map((verdict) => [verdict, 0]));
    const summary = { histories: 0, ...counts };
    const report = {
      schemaVersion: 1,
      status: 'complete',
      summary: { ...summary, events: 0, durationMs: 1, uncoveredTypes: [] },
      results: [],
      groups: [],
    };

    expect(validate(report)).toBe(true);
    expect(validate({ ...report, extra: 1 })).toBe(false);
    expect(validate({ ...report, results: [{ verdict: 'fine' }] })).toBe(false);
  });
});
