import { contextsFor } from '../../src/model/v8-contexts';

describe('contextsFor', () => {
  it.each([
    [
      { reuseV8Context: null, sharesModuleState: false },
      { kind: 'reused', because: 'default' },
    ],
    [
      { reuseV8Context: true, sharesModuleState: false },
      { kind: 'reused', because: 'option' },
    ],
    [
      { reuseV8Context: false, sharesModuleState: false },
      { kind: 'own', because: 'option' },
    ],
    [
      { reuseV8Context: null, sharesModuleState: true },
      { kind: 'own', because: 'shared-modules' },
    ],
    [
      { reuseV8Context: true, sharesModuleState: true },
      { kind: 'own', because: 'shared-modules' },
    ],
  ])('of %p are %p', (given, contexts) => {
    expect(contextsFor(given)).toEqual(contexts);
  });
});
