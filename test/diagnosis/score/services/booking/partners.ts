import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import type { CarActivities, FlightActivities, HotelActivities, OfficeActivities } from './types';

export const hotels = proxyActivities<HotelActivities>({ startToCloseTimeout: '2 minutes' });

export const flights = proxyActivities<FlightActivities>({
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '5 seconds',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
});

export const cars = proxyActivities<CarActivities>({
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '5 minutes',
});

export const office = proxyActivities<OfficeActivities>({ startToCloseTimeout: '30 seconds' });
