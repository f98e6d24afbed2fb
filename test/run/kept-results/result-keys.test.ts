import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_INPUTS_OF_ALL_TYPES } from '../../../src/bundle/type-inputs';
import { workerSourceOf } from '../../../src/worker-options/worker-source';
import { resolveReplayOptions } from '../../../src/options/resolve';
import { type BuiltProject, DEFAULT_DIAGNOSIS_NEEDS, type Setup } from '../../../src/replay/setup';
import { resultKeys } from '../../../src/run/kept-results/result-keys';
import { scratchDirectory } from '../../helpers/replay-cli';

let cwd: string;
function checkOut(): void {
  cwd = scratchDirectory();
  for (const file of ['index.ts', 'interceptors.ts']) writeFileSync(join(cwd, file), '');
}
beforeEach(checkOut);

function setupOf(project: Partial<BuiltProject> = {}, options: object = {}): Setup {
  const resolved = resolveReplayOptions({ workflowsPath: 'index.ts', ...options }, cwd).projects[0]!;
  const built: BuiltProject = {
    name: 'orders',
    worker: workerSourceOf(resolved),
    taskQueue: null,
    deploymentVersion: null,
    workerNamespace: null,
    inputs: [],
    bundlePath: join(cwd, 'bundle.js'),
    bundleHash: 'bundle',
    contexts: 'reused' as never,
    workflowTypes: ['a', 'b'],
    typeInputs: {
      types: {},
      loadOrder: '',
      code: { ofAll: 'all', ofTypes: { a: 'code of a', b: 'code of b' } },
    },
    ...project,
  };
  return {
    ...{ cwd, projects: [built], fast: true, engine: 'core', coverage: false },
    diagnosis: DEFAULT_DIAGNOSIS_NEEDS,
  };
}

const ofRun = (setup: Setup, env: NodeJS.ProcessEnv = {}): string => resultKeys(setup, env)!.ofRun;

describe('the key of a run', () => {
  it.each<[string, Partial<BuiltProject>, object]>([
    ['the task queue', { taskQueue: 'orders' }, {}],
    ['the deployment version', { deploymentVersion: 'orders.7' }, {}],
    ['the namespace of the worker', { workerNamespace: 'shop' }, {}],
    ['the workflow types', { workflowTypes: ['a', 'b', 'c'] }, {}],
    ['V8 contexts', { contexts: 'own' as never }, {}],
    ['errors that fail workflows', {}, { workflowFailureErrorTypes: { '*': ['Error'] } }],
    ['the namespace', {}, { namespace: 'shop' }],
    ['an interceptor', {}, { workflowInterceptors: ['interceptors.ts'] }],
  ])('is another one for another value of %s', (_, project, options) => {
    expect(ofRun(setupOf(project, options))).not.toBe(ofRun(setupOf()));
  });

  it('is another one without the fast sandbox, and with another project', () => {
    const setup = setupOf();

    expect(ofRun({ ...setup, fast: false })).not.toBe(ofRun(setup));
    expect(ofRun({ ...setup, projects: [...setup.projects, ...setup.projects] })).not.toBe(ofRun(setup));
  });

  it('is the same in a checkout at another path', () => {
    const before = ofRun(setupOf());
    checkOut();

    expect(ofRun(setupOf())).toBe(before);
  });

  describe('with a data converter', () => {
    const dataConverter = 'converter.js';
    beforeEach(() => {
      writeFileSync(join(cwd, 'key.js'), 'exports.key = () => process.env.PAYLOAD_KEY;');
      writeFileSync(
        join(cwd, dataConverter),
        "const { key } = require('./key');\nexports.dataConverter = {};",
      );
    });
    const withConverter = (): Setup => setupOf({}, { dataConverter: join(cwd, dataConverter) });

    it('is another one for another converter, another module of it and other packages', () => {
      const keys = [ofRun(withConverter())];
      for (const [file, text] of [
        [dataConverter, "const { key } = require('./key');\nexports.dataConverter = { payloadCodecs: [] };"],
        ['key.js', 'exports.key = () => process.env.PAYLOAD_KEY + 1;'],
        ['package-lock.json', '{"lockfileVersion":3,"packages":{"node_modules/lib":{"version":"2.0.0"}}}'],
      ] as const) {
        writeFileSync(join(cwd, file), text);
        keys.push(ofRun(withConverter()));
      }

      expect(new Set(keys).size).toBe(keys.length);
    });

    it('is another one for another value of an environment variable that the code names', () => {
      const key = (env: NodeJS.ProcessEnv): string => ofRun(withConverter(), env);

      expect(key({ PAYLOAD_KEY: 'b' })).not.toBe(key({ PAYLOAD_KEY: 'a' }));
      expect(key({ PAYLOAD_KEY: 'a', OTHER: '1' })).toBe(key({ PAYLOAD_KEY: 'a' }));
    });

    it('does not exist if a module of it cannot be found', () => {
      writeFileSync(join(cwd, dataConverter), "require('./nowhere');\nexports.dataConverter = {};");

      expect(resultKeys(withConverter())).toBeNull();
    });
  });

  it('does not exist if a project could not be built', () => {
    const setup = setupOf();
    const unbuilt = { ...setup.projects[0]!, failure: { summary: '', details: null }, missing: [] };

    expect(resultKeys({ ...setup, projects: [unbuilt] })).toBeNull();
  });
});

describe('the key of code', () => {
  const ofCode = (project: Partial<BuiltProject>, type: string): string =>
    resultKeys(setupOf(project))!.ofCode(type);
  const code = (ofTypes: Record<string, string>) => ({
    typeInputs: { types: {}, loadOrder: '', code: { ofAll: 'all', ofTypes } },
  });

  it('depends on the code of the type alone', () => {
    const changed = code({ a: 'code of a', b: 'other' });

    expect(ofCode(changed, 'a')).toBe(ofCode({}, 'a'));
    expect(ofCode(changed, 'b')).not.toBe(ofCode({}, 'b'));
  });

  it('is that of the default export for a type without an export', () => {
    const withDefault = { workflowTypes: ['a', 'default'] };
    const changed = { ...withDefault, ...code({ default: 'other' }) };

    expect(ofCode(changed, 'unknown')).not.toBe(
      ofCode({ ...withDefault, ...code({ default: 'one' }) }, 'unknown'),
    );
  });

  it('is the hash of the whole bundle if the code of its modules is not known', () => {
    const prebuilt = (bundleHash: string) => ({ bundleHash, typeInputs: ALL_INPUTS_OF_ALL_TYPES });

    expect(ofCode(prebuilt('one'), 'a')).not.toBe(ofCode(prebuilt('two'), 'a'));
  });
});
