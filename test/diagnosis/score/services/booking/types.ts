export interface Trip {
  tripId: string;
  traveller: string;
  city: string;
  nights: number;
  car: boolean;
}

export interface Itinerary {
  hotel: string;
  flight: string;
  car: string | null;
}

export interface HotelActivities {
  bookHotel(trip: { tripId: string; city: string; nights: number }): Promise<string>;
  cancelHotel(booking: { tripId: string }): Promise<void>;
}

export interface FlightActivities {
  bookFlight(trip: { tripId: string; traveller: string; city: string }): Promise<string>;
  cancelFlight(booking: { tripId: string }): Promise<void>;
}

export interface CarActivities {
  quoteCar(request: { company: string; city: string }): Promise<{ company: string; cents: number }>;
  rentCar(request: { tripId: string; company: string }): Promise<string>;
  cancelCar(booking: { tripId: string }): Promise<void>;
}

export interface OfficeActivities {
  sendItinerary(itinerary: { tripId: string; itinerary: Itinerary }): Promise<void>;
  apologise(trip: { tripId: string; traveller: string }): Promise<void>;
}
