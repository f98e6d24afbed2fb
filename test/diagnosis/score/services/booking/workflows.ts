import { ApplicationFailure, defineQuery, setHandler } from '@temporalio/workflow';
import { cars, flights, hotels, office } from './partners';
import type { Itinerary, Trip } from './types';
import { rollBack, type Undo } from './undo';

export const bookedSoFar = defineQuery<number>('bookedSoFar');

const COMPANIES = ['roadrunner', 'wheels4u'];

/** Books all parts of a trip, or none. */
export function bookTrip(trip: Trip): Promise<Itinerary> {
  const undos: Undo[] = [];
  setHandler(bookedSoFar, () => undos.length);

  return bookHotel(trip, undos)
    .then((hotel) => bookFlight(trip, undos).then((flight) => ({ hotel, flight })))
    .then((booked) =>
      trip.car
        ? bookCar(trip, undos).then((car): Itinerary => ({ ...booked, car }))
        : { ...booked, car: null },
    )
    .then((itinerary) => confirm(trip, itinerary))
    .catch((err: unknown) =>
      rollBack(undos)
        .then(() => regret(trip, undos))
        .then(() => {
          throw err;
        }),
    );
}

function bookHotel({ tripId, city, nights }: Trip, undos: Undo[]): Promise<string> {
  undos.push(() => hotels.cancelHotel({ tripId }));
  return hotels.bookHotel({ tripId, city, nights });
}

function bookFlight({ tripId, traveller, city }: Trip, undos: Undo[]): Promise<string> {
  undos.push(() => flights.cancelFlight({ tripId }));
  return flights.bookFlight({ tripId, traveller, city });
}

function bookCar({ tripId, city }: Trip, undos: Undo[]): Promise<string> {
  return Promise.all(COMPANIES.map((company) => cars.quoteCar({ company, city })))
    .then((quotes) => quotes.reduce((best, quote) => (quote.cents < best.cents ? quote : best)))
    .then(({ company, cents }) => {
      if (cents > 50_000) throw ApplicationFailure.nonRetryable('Cars are too expensive', 'TooExpensive');
      undos.push(() => cars.cancelCar({ tripId }));
      return cars.rentCar({ tripId, company });
    });
}

function confirm({ tripId }: Trip, itinerary: Itinerary): Promise<Itinerary> {
  return office.sendItinerary({ tripId, itinerary }).then(() => itinerary);
}

/** Nobody is bothered who cancelled before anything was booked for good. */
function regret({ tripId, traveller }: Trip, undos: readonly Undo[]): Promise<void> {
  return undos.length > 2 ? office.apologise({ tripId, traveller }) : Promise.resolve();
}
