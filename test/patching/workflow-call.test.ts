import { workflowCallIn } from '../../src/patching/workflow-call';
import { applyEdits } from '../../src/patching/text-edits';

/** Returns the call of `patched` in a file, and the text of the file with the import in it. */
function patchedIn(text: string, file = 'flow.ts'): [expression: string, text: string] {
  const lines = text.split('\n');
  const { expression, edits } = workflowCallIn(lines, file, 'patched', 'p');
  return [expression, applyEdits(lines, edits)];
}

const WORKFLOW = "'@temporalio/workflow'";

describe('the import of patched', () => {
  it.each([
    ['named', `import { sleep } from ${WORKFLOW};`, `import { sleep, patched } from ${WORKFLOW};`],
    [
      'named, with a comma at its end',
      `import { sleep, } from ${WORKFLOW};`,
      `import { sleep, patched, } from ${WORKFLOW};`,
    ],
    [
      'of one name a line',
      `import {\n  condition,\n  sleep,\n} from ${WORKFLOW};`,
      `import {\n  condition,\n  sleep,\n  patched,\n} from ${WORKFLOW};`,
    ],
    [
      'of one name a line, without a comma at its end',
      `import {\n  condition,\n  sleep // waits\n} from ${WORKFLOW};`,
      `import {\n  condition,\n  sleep,\n  patched // waits\n} from ${WORKFLOW};`,
    ],
    [
      'of types and values',
      `import { type Duration } from ${WORKFLOW};`,
      `import { type Duration, patched } from ${WORKFLOW};`,
    ],
    ['of the default', `import wf from ${WORKFLOW};`, `import wf, { patched } from ${WORKFLOW};`],
    [
      'beside one of types alone',
      `import type { Duration } from ${WORKFLOW};\nimport { sleep } from ${WORKFLOW};`,
      `import type { Duration } from ${WORKFLOW};\nimport { sleep, patched } from ${WORKFLOW};`,
    ],
    [
      'that requires names',
      `const { sleep } = require(${WORKFLOW});`,
      `const { sleep, patched } = require(${WORKFLOW});`,
    ],
  ])('joins an import %s', (_, before, after) => {
    expect(patchedIn(before)).toEqual(["patched('p')", after]);
  });

  it.each([
    ['a namespace', `import * as wf from ${WORKFLOW};`, "wf.patched('p')"],
    ['import = require', `import wf = require(${WORKFLOW});`, "wf.patched('p')"],
    ['a required module', `const wf = require(${WORKFLOW});`, "wf.patched('p')"],
    ['another name', `import { patched as isNew } from ${WORKFLOW};`, "isNew('p')"],
    ['another required name', `const { patched: isNew } = require(${WORKFLOW});`, "isNew('p')"],
    ['several lines', `import {\n  patched,\n  sleep,\n} from ${WORKFLOW};`, "patched('p')"],
  ])('is not needed after %s', (_, text, expression) => {
    expect(patchedIn(text)).toEqual([expression, text]);
  });

  it.each([
    [
      'types alone',
      `import type { Duration } from ${WORKFLOW};`,
      `import { patched } from ${WORKFLOW};\nimport type { Duration } from ${WORKFLOW};`,
    ],
    [
      'a namespace of types',
      `import type * as wf from ${WORKFLOW};`,
      `import { patched } from ${WORKFLOW};\nimport type * as wf from ${WORKFLOW};`,
    ],
    [
      'another package',
      'import { a } from "./a";',
      'import { patched } from "@temporalio/workflow";\nimport { a } from "./a";',
    ],
    [
      'another package by require',
      "const a = require('./a');",
      `const { patched } = require(${WORKFLOW});\nconst a = require('./a');`,
    ],
    [
      'the rest of a required module',
      `const { ...wf } = require(${WORKFLOW});`,
      `const { patched } = require(${WORKFLOW});\nconst { ...wf } = require(${WORKFLOW});`,
    ],
  ])('stands beside an import of %s', (_, before, after) => {
    expect(patchedIn(before)).toEqual(["patched('p')", after]);
  });

  it('takes another name if the file has one of its own', () => {
    expect(patchedIn(`import { sleep } from ${WORKFLOW};\nconst patched = true;`)).toEqual([
      "workflowPatched('p')",
      `import { sleep, patched as workflowPatched } from ${WORKFLOW};\nconst patched = true;`,
    ]);
  });
});
