import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { ROOT } from '../../helpers/replay-cli';
import { writeService } from '../../helpers/test-service';

const BODY = `import { createTestEnvironment } from 'temporal-replay/testing';

export async function use(env: Awaited<ReturnType<typeof createTestEnvironment>>): Promise<void> {
  const handle = await env.start('order', { args: [] });
  await expect(handle).toReplay();
  await expect(handle).not.toHaveActivity('charge', { times: 1, input: { id: expect.anything() } });
  await expect('file.json').toReplayWith({ verdict: 'drifted', workflowsPath: 'src/workflows.ts' });
  // @ts-expect-error no such verdict
  await expect(handle).toReplayWith({ verdict: 'fine' });
}
`;

const IMPORTS = {
  'jest-globals.ts': '',
  'jest-imports.ts': "import { expect } from '@jest/globals';\n",
  'vitest.ts': "import { expect } from 'vitest';\n",
};

describe('the types of the matchers', () => {
  it("are those of jest's global expect, of @jest/globals and of vitest", () => {
    const service = writeService({ 'package.json': '{ "name": "service", "type": "module" }' });
    const files = Object.entries(IMPORTS).map(([name, imports]) => {
      writeFileSync(join(service, name), imports + BODY);
      return join(service, name);
    });

    const program = ts.createProgram(files, {
      ...{ strict: true, noEmit: true, skipLibCheck: true, target: ts.ScriptTarget.ES2022 },
      lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
      ...{ module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16 },
      ...{ types: ['node', 'jest'], typeRoots: [join(ROOT, 'node_modules/@types')] },
    });

    const messages = files.flatMap((file) =>
      program
        .getSemanticDiagnostics(program.getSourceFile(file))
        .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')),
    );
    expect(messages).toEqual([]);
  });
});
