import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from 'sarif';
import type { DiagnosedReport } from '../../../src/model/report';
import { sarif } from '../../../src/report/reporters/sarif';
import { LOCATION, SAMPLE } from '../../helpers/sample-report';
import { shownBy } from '../../helpers/shown-by';

const ajv = new Ajv({ allErrors: true, strict: true });
addFormats(ajv);
const validate = ajv.compile(
  JSON.parse(readFileSync(join(__dirname, 'sarif.schema.json'), 'utf8')) as object,
);

const logOf = async (report: DiagnosedReport, env: NodeJS.ProcessEnv = {}): Promise<Log> =>
  JSON.parse(await shownBy(sarif, report, { cwd: '/repo/packages/orders', env })) as Log;

describe('the sarif reporter', () => {
  it('writes valid SARIF 2.1.0 for any text of a history', async () => {
    const log = await logOf(SAMPLE);

    expect(validate(log) ? [] : validate.errors).toEqual([]);
    expect(validate(await logOf({ ...SAMPLE, status: 'interrupted' }))).toBe(true);
    expect(validate({ ...log, runs: [{ results: [] }] })).toBe(false);
  });

  it('writes a result for each cause under the rule of its kind, with fingerprint and count', async () => {
    const [run] = (await logOf(SAMPLE)).runs;

    expect(run!.results).toHaveLength(SAMPLE.groups.length);
    const [first] = run!.results!;
    expect(first).toMatchObject({ ruleId: 'replaced', level: 'error', occurrenceCount: 500 });
    expect(first!.partialFingerprints).toEqual({ 'temporalReplayCause/v1': 'fingerprint-incompatible' });
    for (const { ruleId, ruleIndex } of run!.results!)
      expect(run!.tool.driver.rules![ruleIndex!]!.id).toBe(ruleId);
  });

  it('names the commands that explain the kind of a difference and an error', async () => {
    const [run] = (await logOf(SAMPLE)).runs;

    expect(run!.tool.driver.rules![0]).toMatchObject({ help: { text: 'More: replay explain added' } });
    expect(run!.results![3]!.message.text).toMatch(/\nMore: replay explain NOT_JSON$/);
  });

  it('places a result on its source line, relative to the root of the checkout, with its callers as a stack', async () => {
    const [run] = (await logOf(SAMPLE, { GITHUB_WORKSPACE: '/repo' })).runs;

    const { locations, stacks } = run!.results![0]!;
    expect(locations).toMatchObject([
      {
        physicalLocation: {
          artifactLocation: { uri: 'packages/orders/src/workflows.ts' },
          region: { startLine: 12, startColumn: 9 },
        },
        logicalLocations: [{ name: 'processOrder' }],
      },
    ]);
    const files = stacks![0]!.frames.map(({ location }) => location!.physicalLocation!.artifactLocation!.uri);
    expect(files).toEqual(['packages/orders/src/workflows.ts', 'packages/orders/src/helpers%2C%20shared.ts']);
  });

  it('places a result without a source line on its first history', async () => {
    const [run] = (await logOf(SAMPLE)).runs;

    const uris = run!.results!.map(({ locations }) => locations![0]!.physicalLocation!.artifactLocation!.uri);
    expect(uris[3]).toBe('histories/order-503.json');
  });

  it('uses the absolute path of a file outside of the checkout', async () => {
    const outside = { ...SAMPLE.groups[0]!, location: { ...LOCATION, file: '../../../lib/a b.ts' } };

    const [run] = (await logOf({ ...SAMPLE, groups: [outside] }, { GITHUB_WORKSPACE: '/repo' })).runs;

    expect(run!.results![0]!.locations![0]!.physicalLocation!.artifactLocation!.uri).toBe(
      'file:///lib/a%20b.ts',
    );
  });

  it('suppresses what the baseline accepts, with its reason, and reports drift as a warning', async () => {
    const [run] = (await logOf(SAMPLE)).runs;

    expect(run!.results![2]).toMatchObject({
      level: 'note',
      suppressions: [{ kind: 'external', justification: 'ticket 7' }],
    });
    expect(run!.results![4]!.level).toBe('warning');
    expect(run!.results!.filter(({ suppressions }) => suppressions)).toHaveLength(1);
  });
});
