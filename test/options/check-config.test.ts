import { checkConfig } from '../../src/options/check-config';
import { CONFIG, FETCH } from '../../src/options/table';

const check = (config: unknown) => () => checkConfig(config, 'replay.config.ts');
const refusal = (message: string): Error =>
  expect.objectContaining({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining(message),
  }) as unknown as Error;

describe('a config file', () => {
  it('may have every option, and options that are undefined', () => {
    expect(
      check({
        projects: [{ workflowsPath: 'w.ts', bundlerOptions: { webpackConfigHook: () => ({}) } }],
        timeout: 5_000,
        reporter: 'json',
        fetch: { executions: [{ workflowId: 'a' }], limit: undefined },
        strict: undefined,
      }),
    ).not.toThrow();
  });

  it.each(Object.entries(CONFIG))('is refused for a wrong type of %s, which it names', (name, { type }) => {
    expect(check({ [name]: Symbol() })).toThrow(refusal(`"${name}" must be ${type}, not symbol.`));
  });

  it.each(Object.entries(FETCH).filter(([, row]) => !('callOnly' in row)))(
    'is refused for a wrong type of fetch.%s, which it names',
    (name, { type }) => {
      expect(check({ fetch: { [name]: null } })).toThrow(
        refusal(`"fetch.${name}" must be ${type}, not null.`),
      );
    },
  );

  it.each([
    [{ workflowPath: 'x' }, 'unknown option "workflowPath". Did you mean workflowsPath?'],
    [{ fetch: { adress: 'x' } }, 'unknown option "fetch.adress". Did you mean address?'],
    [{ projects: [{}, { bundel: 'x' }] }, 'unknown option "projects[1].bundel". Did you mean bundle?'],
    [
      { projects: [{ bundlerOptions: { ignoreModule: [] } }] },
      'unknown option "projects[0].bundlerOptions.ignoreModule". Did you mean ignoreModules?',
    ],
    [{ constructor: 1 }, 'unknown option "constructor".'],
    [{ fetch: { signal: {} } }, 'unknown option "fetch.signal".'],
    [{ workflowInterceptors: [1] }, '"workflowInterceptors" must be array of strings, not array.'],
    [{ projects: ['x.ts'] }, '"projects[0]" must be object, not string.'],
    [null, 'must export an object'],
  ])('is refused for %j', (config, message) => {
    expect(check(config)).toThrow(refusal(message));
  });
});
