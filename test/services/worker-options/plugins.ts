import type { DataConverter } from '@temporalio/common';
import type {
  BundleOptions,
  BundlerPlugin,
  ReplayWorkerOptions,
  WorkerOptions,
  WorkerPlugin,
} from '@temporalio/worker';
import { dataConverter } from '../converters/data-converter';

interface WithConverter {
  dataConverter?: DataConverter;
}

/** Adds a class to the sandbox, as the SDK's integrations do for libraries that need more than it has. */
export class PolyfillPlugin implements WorkerPlugin, BundlerPlugin {
  readonly name = 'polyfill';

  configureBundler({ webpackConfigHook, ...options }: BundleOptions): BundleOptions {
    return {
      ...options,
      webpackConfigHook: (config) => {
        const hooked = webpackConfigHook ? webpackConfigHook(config) : config;
        return { ...hooked, entry: [require.resolve('./polyfill'), ...[hooked.entry as string[]].flat()] };
      },
    };
  }
}

/** Adds a codec, to live workers and to replay workers alike. Added twice, it could not decode anything. */
export class CodecPlugin implements WorkerPlugin {
  readonly name = 'codec';

  configureWorker(options: WorkerOptions): WorkerOptions {
    return this.withCodec(options);
  }

  configureReplayWorker(options: ReplayWorkerOptions): Promise<ReplayWorkerOptions> {
    return Promise.resolve(this.withCodec(options));
  }

  private withCodec<T extends WithConverter>(options: T): T {
    const added = dataConverter.payloadCodecs ?? [];
    const payloadCodecs = [...(options.dataConverter?.payloadCodecs ?? []), ...added];
    return { ...options, dataConverter: { ...options.dataConverter, payloadCodecs } };
  }
}
