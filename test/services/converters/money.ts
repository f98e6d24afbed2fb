/** An amount in cents, which JSON could not carry. */
export class Money {
  constructor(readonly cents: bigint) {}

  plus(other: Money): Money {
    return new Money(this.cents + other.cents);
  }
}
