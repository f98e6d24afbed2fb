import {
  EnvironmentRegistry,
  type RegisteredEnvironment,
} from '../../../src/testing/environment/environment-registry';

const environment = {} as RegisteredEnvironment;

describe('an environment that closes', () => {
  it('leaves its failures to the end of the test during which it closes', () => {
    const registry = new EnvironmentRegistry();
    const failure = new Error('not deterministic');
    registry.beginTest();

    registry.addFailures([failure]);

    expect(registry.endTest()).toEqual([failure]);
    expect(registry.endTest()).toEqual([]);
  });

  it('fails at once outside of a test', () => {
    const registry = new EnvironmentRegistry();
    registry.beginTest();
    registry.endTest();

    expect(() => registry.addFailures([new Error('not deterministic')])).toThrow('not deterministic');
    expect(() => registry.addFailures([])).not.toThrow();
  });

  it('is kept until the next test, so that its logs can be shown', () => {
    const registry = new EnvironmentRegistry();
    registry.beginTest();
    registry.closing(environment);
    registry.endTest();
    expect([...registry.closedInTest]).toEqual([environment]);

    registry.beginTest();

    expect([...registry.closedInTest]).toEqual([]);
  });

  it('is not kept if it closes between two tests', () => {
    const registry = new EnvironmentRegistry();

    registry.closing(environment);

    expect([...registry.closedInTest]).toEqual([]);
  });
});
