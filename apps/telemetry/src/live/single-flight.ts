/** Joins those who ask for the same at the same time: one question, one answer for all. */
export class SingleFlight<Key, Value> {
  private readonly flights = new Map<Key, Promise<Value>>();

  of(key: Key, ask: () => Promise<Value>): Promise<Value> {
    const under = this.flights.get(key);
    if (under) return under;
    const flight = ask().finally(() => this.flights.delete(key));
    this.flights.set(key, flight);
    return flight;
  }
}
