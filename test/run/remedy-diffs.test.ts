import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Remedy } from '../../src/model/diagnosis';
import { withDiffs } from '../../src/run/remedy-diffs';
import { SAMPLE } from '../helpers/sample-report';

const REMEDY: Remedy = { ...SAMPLE.groups[0]!.remedies[0]!, edits: [] };

describe('withDiffs', () => {
  let cwd: string;
  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), 'diffs-'));
    writeFileSync(join(cwd, 'workflows.ts'), 'first\nsecond\nthird\n');
  });
  afterEach(() => rmSync(cwd, { recursive: true, force: true }));

  const diffOf = async (remedy: Remedy): Promise<string | undefined> => {
    const [group] = await withDiffs([{ ...SAMPLE.groups[0]!, remedies: [remedy] }], cwd);
    return group!.remedies[0]!.diff;
  };
  const edit = (file: string) => ({ file, startLine: 2, endLine: 2, replacement: 'other' });

  it('adds the edits as a diff with the lines around them', async () => {
    expect(await diffOf({ ...REMEDY, edits: [edit('workflows.ts')] })).toBe(
      '--- a/workflows.ts\n+++ b/workflows.ts\n@@ -1,3 +1,3 @@\n first\n-second\n+other\n third\n',
    );
  });

  it('adds none without edits, and none for a file that is gone', async () => {
    expect(await diffOf(REMEDY)).toBeUndefined();
    expect(await diffOf({ ...REMEDY, edits: [edit('gone.ts')] })).toBeUndefined();
  });
});
