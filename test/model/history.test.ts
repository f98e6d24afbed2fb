import { clusterFile, namespaceOfClusterFile } from '../../src/model/history';

describe('namespaceOfClusterFile', () => {
  it.each([
    ['a run of a cluster', clusterFile('shop/eu.a1', 'order 1', 'r1'), 'shop/eu.a1'],
    ['a file on disk', 'histories/order-1.json', undefined],
    ['a name that is not encoded', 'temporal://%zz/w/r', undefined],
  ])('reads the namespace of %s', (_, file, namespace) => {
    expect(namespaceOfClusterFile(file)).toBe(namespace);
  });
});
