import { ApplicationFailure } from '@temporalio/workflow';
import { inBatches } from './batches';
import { media } from './media';
import type { Rendition, Source } from './types';

const PARALLEL_ENCODERS = 2;

export const transcodeAll = async (source: Source, profiles: readonly string[]): Promise<Rendition[]> =>
  await inBatches(profiles, PARALLEL_ENCODERS, (profile) => transcodeOne(source, profile));

const transcodeOne = async (source: Source, profile: string): Promise<Rendition> => {
  const rendition = await encodeWith(source, profile);
  const { ok } = await media.checkQuality(rendition);
  if (!ok) throw ApplicationFailure.nonRetryable(`Bad quality of ${profile}`, 'BadQuality');
  return rendition;
};

const encodeWith = async ({ videoId }: Source, profile: string): Promise<Rendition> => {
  const task = { videoId, profile };
  return await media.encode(task);
};
