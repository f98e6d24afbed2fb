import { type KnownHistory, affectedHistories } from '../../src/watch/affected';

const files = new Map(
  ['orders/1.json', 'orders/2.json', 'refunds/1.json'].map((file) => [file, `/repo/histories/${file}`]),
);
const history = (file: string, workflowType: string, failed = false): [string, KnownHistory] => [
  file,
  { file, workflowType, failed },
];
const known = new Map([
  history('orders/1.json', 'order'),
  history('orders/2.json', 'order', true),
  history('refunds/1.json', 'refund'),
]);
const code = [
  { inputs: new Set(['/repo/src/orders.ts', '/repo/src/shared.ts']), workflowTypes: ['order'] },
  { inputs: new Set(['/repo/src/refunds.ts', '/repo/src/shared.ts']), workflowTypes: ['refund'] },
];
const after = (...paths: string[]): string[] =>
  affectedHistories(files, known, code, { paths: new Set(paths) });

describe('the histories that a change affects', () => {
  it('are all of them at the start', () => {
    expect(affectedHistories(files, new Map(), [], { paths: new Set() })).toEqual([...files.keys()]);
  });

  it('are those of the code that changed, what failed last first', () => {
    expect(after('/repo/src/orders.ts')).toEqual(['orders/2.json', 'orders/1.json']);
    expect(after('/repo/src/refunds.ts')).toEqual(['refunds/1.json']);
    expect(after('/repo/src/shared.ts')).toEqual(['orders/2.json', 'orders/1.json', 'refunds/1.json']);
  });

  it('are a history that changed itself, and one that is new', () => {
    expect(after('/repo/histories/orders/1.json')).toEqual(['orders/1.json']);
    const withNew = new Map([...files, ['orders/3.json', '/repo/histories/orders/3.json']]);
    const paths = new Set(['/repo/histories/orders/3.json']);
    expect(affectedHistories(withNew, known, code, { paths })).toEqual(['orders/3.json']);
  });

  it('are none for a file that has nothing to do with either', () => {
    expect(after('/repo/README.md')).toEqual([]);
  });

  it('are all of a project whose code did not build', () => {
    const broken = [{ ...code[0]!, workflowTypes: null }, code[1]!];
    const paths = new Set(['/repo/src/orders.ts']);

    expect(affectedHistories(files, known, broken, { paths })).toContain('orders/1.json');
  });

  it('are those of a type that no code has any more', () => {
    const renamed = [{ ...code[0]!, workflowTypes: ['purchase'] }, code[1]!];
    const paths = new Set(['/repo/src/orders.ts']);

    expect(affectedHistories(files, known, renamed, { paths })).toEqual(['orders/2.json', 'orders/1.json']);
  });
});
