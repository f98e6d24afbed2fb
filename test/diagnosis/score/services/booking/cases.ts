import { setTimeout as delay } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import { Context } from '@temporalio/activity';
import type { Service } from '../../recording';
import type { CarActivities, FlightActivities, HotelActivities, OfficeActivities, Trip } from './types';

const activities: HotelActivities & FlightActivities & CarActivities & OfficeActivities = {
  bookHotel: async ({ tripId }) => `hotel-${tripId}`,
  cancelHotel: async () => undefined,
  async bookFlight({ tripId, city }) {
    if (city !== 'Reykjavik') return `flight-${tripId}`;
    // The airline is slow: it heartbeats until somebody cancels.
    for (;;) {
      Context.current().heartbeat();
      await Promise.race([Context.current().cancelled, delay(200)]);
    }
  },
  cancelFlight: async () => undefined,
  quoteCar: async ({ company }) => ({ company, cents: company === 'wheels4u' ? 9_900 : 12_000 }),
  async rentCar({ tripId }) {
    if (tripId.endsWith('sold-out')) throw ApplicationFailure.nonRetryable('No car is left', 'SoldOut');
    return `car-${tripId}`;
  },
  cancelCar: async () => undefined,
  sendItinerary: async () => undefined,
  apologise: async () => undefined,
};

const trip = (tripId: string, changes: Partial<Trip> = {}): Trip => ({
  tripId,
  traveller: 'Ines',
  city: 'Lisbon',
  nights: 3,
  car: true,
  ...changes,
});

export const booking: Service = {
  name: 'booking',
  activities,
  cases: [
    { history: 'booked', type: 'bookTrip', args: [trip('t1')] },
    { history: 'booked-without-car', type: 'bookTrip', args: [trip('t2', { car: false })] },
    { history: 'car-sold-out', type: 'bookTrip', args: [trip('t3-sold-out')] },
    {
      history: 'cancelled',
      type: 'bookTrip',
      args: [trip('t4', { city: 'Reykjavik' })],
      async drive(recorder, handle) {
        await recorder.activityRunning(handle.workflowId, 'bookFlight');
        await handle.cancel();
      },
    },
  ],
};
