import type { Service } from '../../recording';
import type { MeterActivities, MeterState } from './types';

const activities: MeterActivities = {
  readMeter: async ({ meterId, round }) => ({ kw: meterId === 'hot' && round === 2 ? 90 : 10 + round }),
  storeReading: async () => undefined,
  resetMeter: async () => undefined,
  dispatchTechnician: async ({ meterId }) => `ticket-${meterId}`,
  closeTicket: async () => undefined,
};

const meter = (meterId: string, changes: Partial<MeterState> = {}): MeterState => ({
  meterId,
  site: 'north',
  every: '500 ms',
  roundsPerRun: 2,
  limitKw: 50,
  ...changes,
});

export const meterPolling: Service = {
  name: 'meter',
  activities,
  cases: [
    {
      history: 'desk',
      workflowId: 'alarm-desk-north',
      type: 'alarmDesk',
      args: ['north'],
      // Takes the alarm of the meter below.
      async drive(recorder, handle) {
        await recorder.waitFor(handle.workflowId, 'ACTIVITY_TASK_COMPLETED', 2);
        await handle.signal('goHome');
      },
    },
    {
      history: 'alarmed',
      type: 'pollMeter',
      args: [meter('hot', { roundsPerRun: 50 })],
      async drive(recorder, handle) {
        await recorder.waitFor(handle.workflowId, 'TIMER_STARTED', 2);
        await handle.signal('stopPolling');
      },
    },
    {
      history: 'continued',
      type: 'pollMeter',
      args: [meter('calm')],
      async drive(recorder, handle) {
        await recorder.waitFor(handle.workflowId, 'WORKFLOW_EXECUTION_STARTED');
        const next = await recorder.nextRun(handle.workflowId, handle.firstExecutionRunId);
        await next.signal('stopPolling');
      },
    },
    {
      history: 'cancelled',
      type: 'pollMeter',
      args: [meter('gone', { every: '1 hour' })],
      async drive(recorder, handle) {
        await recorder.waitFor(handle.workflowId, 'TIMER_STARTED');
        await handle.cancel();
      },
    },
  ],
};
