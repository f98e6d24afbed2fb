import { patchedCallsIn } from '../../lib/source/patch-calls';
import { patchCallsInTexts } from '../helpers/parsed-modules';

describe('patchedCallsIn', () => {
  it('finds calls by name or namespace, with a literal or a constant of the file', () => {
    const source = [
      `const ID = 'by-constant' as const;`,
      `if (patched('by-name')) {`,
      `  const isNew = wf.patched(ID);`,
      `}`,
      `deprecatePatch('old'); patched(unknown());`,
    ].join('\n');

    const calls = patchedCallsIn(source, 'workflows.ts');

    expect(calls).toMatchObject([
      { id: 'by-name', line: 2, column: 5 },
      { id: 'by-constant', line: 3, column: 17 },
    ]);
  });
});

describe('patchCallsIn', () => {
  const callsIn = (files: Record<string, string>): string[] => {
    const calls = patchCallsInTexts(files);
    return calls.map(({ file, line, call, id }) => `${file}:${line} ${call} ${id}`);
  };

  it('takes ids from constants, enums and objects of other modules', () => {
    const calls = callsIn({
      '/a.ts': `import { patched, deprecatePatch as over } from '@temporalio/workflow';
        import { FEE, Ids, IDS } from './ids';
        patched(FEE); patched(IDS.tax);
        over(Ids.Old);`,
      '/ids.ts': `export const FEE = 'fee'; export enum Ids { Old = 'old' } export const IDS = { tax: 'tax' } as const;`,
    });

    expect(calls).toEqual(['/a.ts:3 patched fee', '/a.ts:3 patched tax', '/a.ts:4 deprecatePatch old']);
  });

  it('finds the calls of functions that hand a parameter to patched()', () => {
    const calls = callsIn({
      '/a.ts': `import { hasChange } from './change';
        if (hasChange('fee')) {}`,
      '/change.ts': `import * as wf from '@temporalio/workflow';
        export const hasChange = (id: string) => wf.patched(id);`,
    });

    expect(calls).toEqual(['/a.ts:2 patched fee']);
  });

  it('returns null for an id that only a run can tell, and one call for each of several ids', () => {
    const calls = callsIn({ '/a.ts': 'patched(`fee-${version}`); patched(isLarge ? "a" : "b");' });

    expect(calls).toEqual(['/a.ts:1 patched null', '/a.ts:1 patched a', '/a.ts:1 patched b']);
  });
});
