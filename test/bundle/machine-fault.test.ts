import { isFaultOfMachine } from '../../src/bundle/machine-fault';

describe('isFaultOfMachine', () => {
  it.each([
    "Error: EMFILE: too many open files, open 'workflows.ts'",
    'ERROR in ./workflows.ts\nENOMEM: not enough memory, read',
    "EACCES: permission denied, open 'workflows.ts'",
    'WebAssembly.Instance(): Out of memory: Cannot allocate Wasm memory for new instance',
  ])('takes %j for one', (reason) => {
    expect(isFaultOfMachine(reason)).toBe(true);
  });

  it.each([
    "Module not found: Error: Can't resolve 'fs'",
    'SyntaxError: Unexpected token',
    "ENOENT: no such file or directory, open 'workflows.ts'",
  ])('leaves %j to the code', (reason) => {
    expect(isFaultOfMachine(reason)).toBe(false);
  });
});
