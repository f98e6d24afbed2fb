import type { Edit } from '../../edits';

const FLOW = 'workflows.ts';
const WITH_CAR = ['booked', 'car-sold-out'];
const BOOKED = ['booked', 'booked-without-car'];
const ALL = [...WITH_CAR, 'booked-without-car', 'cancelled'];

const HOTEL_THEN_FLIGHT =
  'return bookHotel(trip, undos)\n    .then((hotel) => bookFlight(trip, undos).then((flight) => ({ hotel, flight })))';

export const BOOKING_EDITS: readonly Edit[] = [
  {
    name: 'compensation in the order of the bookings',
    kind: 'breaking',
    changes: { 'undo.ts': [['[...undos].reverse().reduce', '[...undos].reduce']] },
    truths: [
      {
        histories: ['car-sold-out'],
        event: 'ActivityTaskScheduled cancelCar',
        kinds: ['moved'],
        at: [[FLOW, 'hotels.cancelHotel(']],
        remedies: ['patch'],
      },
      {
        histories: ['cancelled'],
        event: 'ActivityTaskScheduled cancelFlight',
        kinds: ['moved'],
        at: [[FLOW, 'hotels.cancelHotel(']],
        remedies: ['patch'],
      },
    ],
  },
  {
    name: 'an activity is abandoned on cancellation',
    kind: 'breaking',
    changes: {
      'partners.ts': [
        ['ActivityCancellationType.WAIT_CANCELLATION_COMPLETED', 'ActivityCancellationType.ABANDON'],
      ],
    },
    truths: [
      {
        histories: ['cancelled'],
        event: 'ActivityTaskCancelRequested',
        kinds: ['refused', 'removed', 'replaced'],
        at: [[FLOW, 'flights.bookFlight(']],
        remedies: ['patch', 'version-worker'],
      },
    ],
  },
  {
    name: 'one more item in a mapped Promise.all',
    kind: 'breaking',
    changes: { [FLOW]: [["['roadrunner', 'wheels4u']", "['roadrunner', 'wheels4u', 'zipzap']"]] },
    truths: [
      {
        histories: WITH_CAR,
        event: 'ActivityTaskScheduled rentCar',
        kinds: ['added'],
        at: [[FLOW, 'cars.quoteCar(']],
        remedies: ['patch'],
      },
    ],
  },
  {
    name: 'the steps of a promise chain change places',
    kind: 'breaking',
    changes: {
      [FLOW]: [
        [
          HOTEL_THEN_FLIGHT,
          'return bookFlight(trip, undos)\n    .then((flight) => bookHotel(trip, undos).then((hotel) => ({ hotel, flight })))',
        ],
      ],
    },
    truths: [
      {
        histories: ALL,
        event: 'ActivityTaskScheduled bookHotel',
        kinds: ['moved'],
        at: [[FLOW, 'flights.bookFlight(']],
        remedies: ['patch'],
      },
    ],
  },
  {
    name: 'an error is swallowed at the end of a promise chain',
    kind: 'breaking',
    changes: { [FLOW]: [['throw err;', "return { hotel: '', flight: '', car: null };"]] },
    truths: [
      {
        histories: ['car-sold-out'],
        event: 'WorkflowExecutionFailed',
        kinds: ['replaced', 'removed'],
        at: [
          [FLOW, 'office.apologise('],
          [FLOW, "return { hotel: ''"],
        ],
        remedies: ['patch'],
      },
      {
        histories: ['cancelled'],
        event: 'WorkflowExecutionCanceled',
        kinds: ['replaced', 'removed'],
        at: [
          [FLOW, 'hotels.cancelHotel('],
          [FLOW, "return { hotel: ''"],
        ],
        remedies: ['patch'],
      },
    ],
  },
  {
    name: 'a TypeError that the code answers with its compensation',
    kind: 'breaking',
    changes: {
      [FLOW]: [['.then((quotes) => quotes.reduce(', '.then((quotes) => (quotes as any).offers.reduce(']],
    },
    truths: [
      {
        histories: WITH_CAR,
        event: 'ActivityTaskScheduled rentCar',
        kinds: ['replaced', 'renamed', 'added', 'moved', 'removed'],
        at: [[FLOW, 'flights.cancelFlight(']],
        remedies: ['patch', 'fix-error'],
      },
    ],
  },
  {
    name: 'two steps made parallel',
    kind: 'drifting',
    changes: {
      [FLOW]: [
        [
          HOTEL_THEN_FLIGHT,
          'return Promise.all([bookHotel(trip, undos), bookFlight(trip, undos)])\n    .then(([hotel, flight]) => ({ hotel, flight }))',
        ],
      ],
    },
    truths: [
      {
        histories: ALL,
        event: 'ActivityTaskScheduled bookFlight',
        kinds: ['drift'],
        at: [[FLOW, 'flights.bookFlight(']],
        remedies: ['accept-drift', 'undo-drift'],
        path: 'earlier',
      },
    ],
  },
  {
    name: 'the task queue of activities',
    kind: 'drifting',
    changes: {
      'partners.ts': [
        ['proxyActivities<CarActivities>({', "proxyActivities<CarActivities>({\n  taskQueue: 'cars',"],
      ],
    },
    truths: [
      {
        histories: WITH_CAR,
        event: 'ActivityTaskScheduled quoteCar',
        kinds: ['drift'],
        at: [[FLOW, 'cars.quoteCar(']],
        remedies: ['accept-drift', 'undo-drift'],
        path: 'taskQueue',
      },
    ],
  },
  {
    name: 'the result of the workflow',
    kind: 'drifting',
    changes: { [FLOW]: [['.then(() => itinerary);', '.then(() => ({ ...itinerary, tripId }));']] },
    truths: [
      {
        histories: BOOKED,
        event: 'WorkflowExecutionCompleted',
        kinds: ['drift'],
        at: [[FLOW, 'office.sendItinerary(']],
        remedies: ['accept-drift', 'undo-drift'],
        path: 'result.tripId',
      },
    ],
  },
  {
    name: 'a promise chain becomes async and await',
    kind: 'safe',
    changes: {
      [FLOW]: [
        [
          'function confirm({ tripId }: Trip, itinerary: Itinerary): Promise<Itinerary> {\n  return office.sendItinerary({ tripId, itinerary }).then(() => itinerary);\n}',
          'async function confirm({ tripId }: Trip, itinerary: Itinerary): Promise<Itinerary> {\n  await office.sendItinerary({ tripId, itinerary });\n  return itinerary;\n}',
        ],
      ],
    },
    truths: [],
  },
  {
    // Scheduling in a cancelled scope throws a CancelledFailure, and nothing is issued.
    name: 'an activity that a cancelled workflow never schedules',
    kind: 'safe',
    changes: { [FLOW]: [['undos.length > 2 ?', 'undos.length > 1 ?']] },
    truths: [],
  },
];
