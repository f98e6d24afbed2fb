import type { TypeInputs } from '../../../src/bundle/type-inputs';
import { type WatchedCode, affectedHistories } from '../../../src/run/watch/affected';
import type { KnownHistory } from '../../../src/run/watch/known-histories';

const files = new Map(
  ['orders/1.json', 'orders/2.json', 'refunds/1.json', 'parcels/1.json'].map((file) => [
    file,
    `/repo/histories/${file}`,
  ]),
);
const known: Record<string, KnownHistory[]> = {
  'orders/1.json': [{ workflowType: 'order', failed: false }],
  'orders/2.json': [{ workflowType: 'order', failed: true }],
  'refunds/1.json': [{ workflowType: 'refund', failed: false }],
  'parcels/1.json': [{ workflowType: 'parcel', failed: false }],
};

const SHOP: WatchedCode = {
  inputs: new Set(['/repo/shop.ts', '/repo/orders.ts', '/repo/refunds.ts', '/repo/money.ts']),
  workerFiles: new Set(['/repo/worker-options.ts', '/repo/money.ts']),
  workflowTypes: ['order', 'refund'],
  typeInputs: {
    types: {
      '/repo/orders.ts': ['order'],
      '/repo/refunds.ts': ['refund'],
      '/repo/money.ts': ['order'],
    },
    loadOrder: 'as ever',
  },
};
const PARCELS: WatchedCode = {
  inputs: new Set(['/repo/parcels.ts']),
  workerFiles: new Set(),
  workflowTypes: ['parcel'],
  typeInputs: { types: {}, loadOrder: '' },
};
const UNBUILT: WatchedCode = { ...SHOP, workflowTypes: null, typeInputs: { types: {}, loadOrder: '' } };

const ORDERS = ['orders/2.json', 'orders/1.json'];
const OF_SHOP = [...ORDERS, 'refunds/1.json'];

function after(paths: string[], shop: { before?: WatchedCode; after?: WatchedCode } = {}): string[] {
  const code = [
    { before: SHOP, after: SHOP, ...shop },
    { before: PARCELS, after: PARCELS },
  ];
  return affectedHistories(files, (file) => known[file], { paths: new Set(paths), code, due: new Set() });
}

const withTypeInputs = (change: Partial<TypeInputs>, inputs: string[] = []): WatchedCode => ({
  ...SHOP,
  inputs: new Set([...SHOP.inputs, ...inputs]),
  typeInputs: { ...SHOP.typeInputs, ...change },
});

describe('affectedHistories', () => {
  it('returns all files at the start', () => {
    const nothing = { paths: new Set<string>(), code: [], due: new Set<string>() };

    expect(affectedHistories(files, () => undefined, nothing)).toEqual([...files.keys()]);
  });

  it('returns the files of the types whose code changed, with failed ones first', () => {
    expect(after(['/repo/orders.ts'])).toEqual(ORDERS);
    expect(after(['/repo/refunds.ts'])).toEqual(['refunds/1.json']);
    expect(after(['/repo/orders.ts', '/repo/parcels.ts'])).toEqual([...ORDERS, 'parcels/1.json']);
  });

  it('returns all files of a project if a file changed that counts for every type', () => {
    expect(after(['/repo/shop.ts'])).toEqual(OF_SHOP);
    expect(after(['/repo/parcels.ts'])).toEqual(['parcels/1.json']);
  });

  it('returns all files of a project if a file changed that its worker is made from, workflow code or not', () => {
    expect(after(['/repo/worker-options.ts'])).toEqual(OF_SHOP);
    expect(after(['/repo/money.ts'])).toEqual(OF_SHOP);
  });

  it('returns all files of a project if the changed file begins or ceases to count for every type', () => {
    const { '/repo/orders.ts': _, ...others } = SHOP.typeInputs.types;
    const unlisted = withTypeInputs({ types: others });

    expect(after(['/repo/orders.ts'], { after: unlisted })).toEqual(OF_SHOP);
    expect(after(['/repo/orders.ts'], { before: unlisted })).toEqual(OF_SHOP);
  });

  it('returns all files of a project if its modules load in another order', () => {
    expect(after(['/repo/orders.ts'], { after: withTypeInputs({ loadOrder: 'other' }) })).toEqual(OF_SHOP);
  });

  it('returns the files of a type whose code has moved to another file', () => {
    const types = { ...SHOP.typeInputs.types, '/repo/new.ts': ['refund'] };

    expect(after(['/repo/orders.ts'], { after: withTypeInputs({ types }, ['/repo/new.ts']) })).toEqual(
      OF_SHOP,
    );
  });

  it('returns a changed file, a new file and a file that is due', () => {
    const change = {
      paths: new Set(['/repo/histories/orders/1.json']),
      code: [],
      due: new Set(['refunds/1.json']),
    };
    const withNew = new Map([...files, ['orders/3.json', '/repo/histories/orders/3.json']]);

    expect(affectedHistories(withNew, (file) => known[file], change)).toEqual([
      'orders/1.json',
      'refunds/1.json',
      'orders/3.json',
    ]);
  });

  it('returns a file if one of its histories is of a type whose code changed', () => {
    const code = [{ before: SHOP, after: SHOP }];
    const ofBoth = [...known['refunds/1.json']!, ...known['orders/1.json']!];
    const change = { paths: new Set(['/repo/orders.ts']), code, due: new Set<string>() };

    expect(affectedHistories(new Map([['both.json', '/both.json']]), () => ofBoth, change)).toEqual([
      'both.json',
    ]);
  });

  it('returns no file if a file changed that is neither code nor a history', () => {
    expect(after(['/repo/README.md'])).toEqual([]);
  });

  it('returns all files if the code of a project stops building, or builds again', () => {
    expect(after(['/repo/orders.ts'], { after: UNBUILT })).toEqual([...OF_SHOP, 'parcels/1.json']);
    expect(after(['/repo/orders.ts'], { before: UNBUILT })).toEqual([...OF_SHOP, 'parcels/1.json']);
  });

  it('returns the files of a type that was removed from the code or added to it', () => {
    const { '/repo/refunds.ts': _, ...types } = SHOP.typeInputs.types;
    const without = { ...withTypeInputs({ types }), workflowTypes: ['order'] };

    expect(after(['/repo/refunds.ts'], { after: without })).toContain('refunds/1.json');
    expect(after(['/repo/refunds.ts'], { before: without })).toContain('refunds/1.json');
  });

  it('returns the files of a type that no code has, since a default export may run it', () => {
    const other = { ...SHOP, workflowTypes: ['default', 'order'] };

    expect(after(['/repo/orders.ts'], { before: other, after: other })).toEqual(OF_SHOP);
  });
});
