/** A service with ES modules, aliases, a codec and code that needs a run replays without options for any of it. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, replay, reportOf, scratchDirectory } from '../helpers/replay-cli';
import { writeFiles } from '../helpers/write-files';

/** The histories were recorded with a worker of this code, compiled. Their payloads are compressed. */
const HISTORIES = join(ROOT, 'test/services/modules/histories');

const SERVICE = {
  'package.json': { type: 'module' },
  'tsconfig.json': { files: [], references: [{ path: './tsconfig.app.json' }] },
  'tsconfig.app.json': { extends: './tsconfig.base.json', include: ['src', 'libs', 'replay.config.ts'] },
  'tsconfig.base.json': {
    compilerOptions: { module: 'nodenext', paths: { '@libs/*': ['./gone/*', './libs/*'] } },
  },
  '.swcrc': { env: { targets: { node: '20' } }, exclude: ['\\.ts$'] },
  'replay.config.ts': `
    import { WORKFLOWS } from '@libs/paths.js';
    export default { workflowsPath: WORKFLOWS, dataConverter: 'src/data-converter.ts', failOnUncovered: true };`,
  'libs/paths.ts': "export const WORKFLOWS = './src/workflows.mts';",
  'libs/options.ts': `
    import { workflowInfo } from '@temporalio/workflow';
    export const LOADED = { at: new Date(), of: workflowInfo().workflowId };
    export enum Timeout { Call = '10s' }`,
  'src/workflows.mts': `
    import * as wf from '@temporalio/workflow';
    import { LOADED, Timeout } from '@libs/options.js';
    interface Activities {
      note(...a: unknown[]): Promise<void>; echo<T>(x: T): Promise<T>; refuse(k: string): Promise<void>;
    }
    const acts = wf.proxyActivities<Activities>({
      startToCloseTimeout: Timeout.Call, retry: { maximumAttempts: 2, initialInterval: '20ms' },
    });
    export class NotSealed extends Error {}
    export const interceptors: wf.WorkflowInterceptorsFactory = () => ({});
    export async function leafOf(x: string): Promise<string> { return \`leaf \${x}\`; }
    export async function sealed(secret: string): Promise<string> {
      if (LOADED.of !== wf.workflowInfo().workflowId) throw new NotSealed();
      const back = await acts.echo({ secret });
      await acts.note(back, secret);
      await acts.refuse('known').catch((err) => acts.note(err.cause?.message ?? err.message));
      const child = await wf.executeChild(leafOf, { args: [secret], memo: { m: secret } });
      wf.upsertMemo({ mine: secret });
      if (secret === 'fail') throw wf.ApplicationFailure.create({ message: 'sealed failure', nonRetryable: true, details: [secret] });
      return child;
    }`,
  'libs/zlib-codec.ts': `
    import { deflate, inflate } from 'node:zlib';
    import { promisify } from 'node:util';
    import { temporal } from '@temporalio/proto';
    const { Payload } = temporal.api.common.v1;
    const [squeeze, grow] = [promisify(deflate), promisify(inflate)];
    const encoding = Buffer.from('binary/zlib');
    const isSqueezed = ({ metadata }: any) => encoding.equals(metadata?.encoding ?? Buffer.alloc(0));
    export class ZlibCodec {
      static async create() { return new this(); }
      encode = (all: any[]) => Promise.all(all.map(async (p) => ({ metadata: { encoding }, data: await squeeze(Payload.encode(p).finish()) })));
      decode = (all: any[]) => Promise.all(all.map(async (p) => isSqueezed(p) ? Payload.decode(await grow(p.data)) : p));
    }`,
  'src/data-converter.ts': `
    import { ZlibCodec } from '@libs/zlib-codec.js';
    export const dataConverter = { payloadCodecs: [await ZlibCodec.create()] };`,
};

it('replays such a service', async () => {
  const service = scratchDirectory();
  writeFiles(service, SERVICE);
  cpSync(HISTORIES, join(service, 'histories'), { recursive: true });

  const run = await replay(['run', '--reporter', 'json'], { cwd: service });

  expect(run.stderr).toBe('');
  expect(reportOf(run).summary).toMatchObject({ histories: 2, compatible: 2 });
  expect(run.code).toBe(0);
});
