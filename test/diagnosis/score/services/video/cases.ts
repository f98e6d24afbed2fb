import { setTimeout as delay } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import { Context } from '@temporalio/activity';
import type { Service } from '../../recording';
import type { CatalogActivities, MediaActivities, VideoJob } from './types';

const activities: MediaActivities & CatalogActivities = {
  lookUpRights: async () => ({ allowed: true }),
  download: async ({ videoId }) => ({ videoId, durationSeconds: 90 }),
  async encode({ videoId, profile }) {
    if (profile === 'stalled') await Context.current().cancelled;
    if (profile === 'broken') throw ApplicationFailure.nonRetryable('Codec not supported');
    return { profile, file: `${videoId}.${profile}.mp4` };
  },
  checkQuality: async () => ({ ok: true }),
  makeThumbnail: async ({ videoId, atSeconds }) => `${videoId}-${atSeconds}.jpg`,
  async transcribe() {
    await delay(300);
    return { language: 'en' };
  },
  publish: async () => undefined,
  cleanUp: async () => undefined,
};

const job = (videoId: string, changes: Partial<VideoJob> = {}): VideoJob => ({
  videoId,
  url: `https://uploads.example.com/${videoId}`,
  profiles: ['360p', '720p', '1080p'],
  captions: false,
  ...changes,
});

export const video: Service = {
  name: 'video',
  activities,
  cases: [
    { history: 'published', type: 'processVideo', args: [job('v1', { profiles: ['720p'] })] },
    { history: 'captioned', type: 'processVideo', args: [job('v2', { captions: true })] },
    { history: 'codec-broken', type: 'processVideo', args: [job('v3', { profiles: ['360p', 'broken'] })] },
    {
      history: 'open-encoding',
      type: 'processVideo',
      args: [job('v4', { profiles: ['360p', 'stalled', '720p'] })],
      async leaveOpen(recorder, handle) {
        // download, one encode, its check
        await recorder.waitFor(handle.workflowId, 'ACTIVITY_TASK_COMPLETED', 3);
        await recorder.settled(handle.workflowId);
      },
    },
  ],
};
