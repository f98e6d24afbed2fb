import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { validateXML } from 'xmllint-wasm';
import { junit } from '../../../src/report/reporters/junit';
import { SAMPLE, UNPRINTABLE } from '../../helpers/sample-report';
import { shownBy } from '../../helpers/shown-by';

const schema = readFileSync(join(__dirname, 'junit.xsd'), 'utf8');

async function faultsOf(xml: string): Promise<string[]> {
  const { errors } = await validateXML({ xml, schema });
  return errors.map(({ message }) => message);
}

describe('the junit reporter', () => {
  it('writes valid XML for any text of a history', async () => {
    const xml = await shownBy(junit, SAMPLE);

    expect(await faultsOf(xml)).toEqual([]);
    expect(await faultsOf(xml.replace('<testcase ', '<test '))).not.toEqual([]);
    expect(xml).not.toMatch(UNPRINTABLE);
  });

  it('writes a suite for each workflow type with a case for each history, and counts them', async () => {
    const xml = await shownBy(junit, SAMPLE);

    expect(xml).toMatch(
      /<testsuites name="temporal-replay" tests="505" failures="500" errors="2" skipped="1"/,
    );
    expect(xml).toMatch(/<testsuite name="processOrder" tests="502" failures="500" errors="0" skipped="0"/);
    expect(xml.match(/<testcase /g)).toHaveLength(SAMPLE.results.length + 1);
    expect(xml).toContain('<testcase name="order-0 run-0" classname="processOrder" time="0.004"/>');
    expect(xml).toContain('classname="processOrder" time="0.004" file="src/workflows.ts" line="12">');
  });

  it('separates failures from errors, skips what is accepted or not covered, and passes drift', async () => {
    const xml = await shownBy(junit, SAMPLE);

    expect(xml).toMatch(
      /<failure message="incompatible: `reserveStock` activity[^"]*" type="incompatible">500 histories/,
    );
    expect(xml).toMatch(/<error message="invalid: The file is not JSON" type="invalid">/);
    expect(xml).toContain('<skipped message="accepted by the baseline: ticket 7"/>');
    expect(xml).toContain('<skipped message="No history covers this type."/>');
    expect(xml).toMatch(/<system-out>drifted: Other content/);
  });

  it('names the command that explains an error', async () => {
    const xml = await shownBy(junit, SAMPLE);

    expect(xml).toMatch(/Not JSON\. \[NOT_JSON\]\nMore: replay explain NOT_JSON<\/error>/);
  });

  it('writes drift as a failure with strict', async () => {
    const xml = await shownBy(junit, SAMPLE, { isStrict: true });

    expect(xml).toContain('<failure message="drifted: Other content" type="drifted">');
    expect(await faultsOf(xml)).toEqual([]);
  });
});
