import {
  condition,
  continueAsNew,
  defineQuery,
  defineSearchAttributeKey,
  defineSignal,
  getExternalWorkflowHandle,
  isCancellation,
  CancellationScope,
  log,
  SearchAttributeType,
  setHandler,
  sleep,
  upsertMemo,
  upsertSearchAttributes,
} from './temporal';
import { raiseAlarm } from './alarm-desk';
import { device } from './device';
import type { MeterState } from './types';

export { alarmDesk } from './alarm-desk';

const METER_SITE = defineSearchAttributeKey('MeterSite', SearchAttributeType.KEYWORD);

export const stopPolling = defineSignal('stopPolling');
export const pausePolling = defineSignal<[boolean]>('pausePolling');
export const totalKw = defineQuery<number>('totalKw');

/** Reads a meter for as long as it is there, in runs of a bounded length. */
export async function pollMeter(state: MeterState): Promise<number> {
  let total = state.total ?? 0;
  let paused = false;
  let stopped = false;
  setHandler(totalKw, () => total);
  setHandler(pausePolling, (pause) => {
    paused = pause;
  });
  setHandler(stopPolling, () => {
    stopped = true;
  });

  upsertSearchAttributes([{ key: METER_SITE, value: state.site }]);
  try {
    for (let round = 1; round <= state.roundsPerRun; round++) {
      await condition(() => !paused);
      total += await readOnce(state, round);
      if (stopped) break;
      await sleep(state.every as '1 second');
    }
  } catch (err) {
    if (isCancellation(err)) {
      await CancellationScope.nonCancellable(() => device.resetMeter({ meterId: state.meterId }));
    }
    throw err;
  }
  if (!stopped) await continueAsNew<typeof pollMeter>({ ...state, total });
  return total;
}

async function readOnce({ meterId, site, limitKw }: MeterState, round: number): Promise<number> {
  const { kw } = await device.readMeter({ meterId, round });
  await device.storeReading({ meterId, kw });
  if (kw > limitKw) {
    log.warn('over the limit', { meterId, kw });
    await getExternalWorkflowHandle(`alarm-desk-${site}`).signal(raiseAlarm, { meterId, kw });
    upsertMemo({ lastAlarm: { meterId, kw } });
  }
  return kw;
}
