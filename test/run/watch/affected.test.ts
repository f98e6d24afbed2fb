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
  workflowTypes: ['order', 'refund'],
  typeInputs: {
    types: {
      '/repo/orders.ts': ['order'],
      '/repo/refunds.ts': ['refund'],
      '/repo/money.ts': ['order', 'refund'],
    },
    loadOrder: 'as ever',
  },
};
const PARCELS: WatchedCode = {
  inputs: new Set(['/repo/parcels.ts']),
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

describe('the histories that a change affects', () => {
  it('are all of them at the start', () => {
    const nothing = { paths: new Set<string>(), code: [], due: new Set<string>() };

    expect(affectedHistories(files, () => undefined, nothing)).toEqual([...files.keys()]);
  });

  it('are those of the types whose code changed, what failed last first', () => {
    expect(after(['/repo/orders.ts'])).toEqual(ORDERS);
    expect(after(['/repo/refunds.ts'])).toEqual(['refunds/1.json']);
    expect(after(['/repo/money.ts'])).toEqual(OF_SHOP);
    expect(after(['/repo/orders.ts', '/repo/parcels.ts'])).toEqual([...ORDERS, 'parcels/1.json']);
  });

  it('are all of a project where a file changed that counts for every type', () => {
    expect(after(['/repo/shop.ts'])).toEqual(OF_SHOP);
    expect(after(['/repo/parcels.ts'])).toEqual(['parcels/1.json']);
  });

  it('are all of a project where the file counts for every type from now on, or did until now', () => {
    const { '/repo/orders.ts': _, ...others } = SHOP.typeInputs.types;
    const loud = withTypeInputs({ types: others });

    expect(after(['/repo/orders.ts'], { after: loud })).toEqual(OF_SHOP);
    expect(after(['/repo/orders.ts'], { before: loud })).toEqual(OF_SHOP);
  });

  it('are all of a project where its modules load in another order', () => {
    expect(after(['/repo/orders.ts'], { after: withTypeInputs({ loadOrder: 'other' }) })).toEqual(OF_SHOP);
  });

  it('are also those of a type whose code comes from elsewhere now', () => {
    const types = { ...SHOP.typeInputs.types, '/repo/new.ts': ['refund'] };

    expect(after(['/repo/orders.ts'], { after: withTypeInputs({ types }, ['/repo/new.ts']) })).toEqual(
      OF_SHOP,
    );
  });

  it('are a history that changed itself, one that is new, and one that is due', () => {
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

  it('are a file of which one history is of a type that changed', () => {
    const code = [{ before: SHOP, after: SHOP }];
    const ofBoth = [...known['refunds/1.json']!, ...known['orders/1.json']!];
    const change = { paths: new Set(['/repo/orders.ts']), code, due: new Set<string>() };

    expect(affectedHistories(new Map([['both.json', '/both.json']]), () => ofBoth, change)).toEqual([
      'both.json',
    ]);
  });

  it('are none for a file that has nothing to do with either', () => {
    expect(after(['/repo/README.md'])).toEqual([]);
  });

  it('are all where the code of a project did not build, or builds again', () => {
    expect(after(['/repo/orders.ts'], { after: UNBUILT })).toEqual([...OF_SHOP, 'parcels/1.json']);
    expect(after(['/repo/orders.ts'], { before: UNBUILT })).toEqual([...OF_SHOP, 'parcels/1.json']);
  });

  it('are those of a type that the code has not any more, or has only now', () => {
    const { '/repo/refunds.ts': _, ...types } = SHOP.typeInputs.types;
    const without = { ...withTypeInputs({ types }), workflowTypes: ['order'] };

    expect(after(['/repo/refunds.ts'], { after: without })).toContain('refunds/1.json');
    expect(after(['/repo/refunds.ts'], { before: without })).toContain('refunds/1.json');
  });

  it('are those of a type that no code has: a default export may run it', () => {
    const other = { ...SHOP, workflowTypes: ['default', 'order'] };

    expect(after(['/repo/orders.ts'], { before: other, after: other })).toEqual(OF_SHOP);
  });
});
