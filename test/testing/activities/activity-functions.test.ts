import {
  activitiesNotRegistered,
  activityFunction,
  activityNames,
  classNameOf,
} from '../../../src/testing/activities/activity-functions';

class Payments {
  constructor(readonly db: string) {}
  refund = async (id: string) => `refunded ${id} in ${this.db}`;
  async charge(id: string) {
    return `charged ${id} in ${this.db}`;
  }
  get quote() {
    return async () => `quoted by ${this.db}`;
  }
  get onlyInProduction(): never {
    throw new Error('no database');
  }
}
class Cards extends Payments {
  override async charge(id: string) {
    return `card: ${await super.charge(id)}`;
  }
  async block() {
    return `blocked in ${this.db}`;
  }
}
class Fixed {
  static rate = 7;
  static convert = async () => `at ${this.rate}`;
  static async round() {
    return `rounded at ${this.rate}`;
  }
}
const call = (activities: object, type: string): unknown => activityFunction(activities, type)?.('a');

describe('an instance of a class', () => {
  const cards = new Cards('db1');

  it.each([
    ['a method', 'block', 'blocked in db1'],
    ['an overridden method', 'charge', 'card: charged a in db1'],
    ['an arrow function', 'refund', 'refunded a in db1'],
    ['a getter', 'quote', 'quoted by db1'],
  ])('is `this` of %s', async (_, type, result) => {
    expect(await call(cards, type)).toBe(result);
  });

  it('stays `this` of a spy', async () => {
    const own = new Payments('db2');
    const spy = jest.spyOn(own, 'charge');

    expect(await call(own, 'charge')).toBe('charged a in db2');
    expect(spy).toHaveBeenCalledWith('a');
  });

  it.each(['constructor', 'toString', 'hasOwnProperty', 'unknown'])('has no activity %s', (type) => {
    expect(activityFunction(cards, type)).toBeNull();
  });

  it('has methods that a worker would not register', () => {
    expect(activityNames(cards).sort()).toEqual(['block', 'charge', 'quote', 'refund']);
    expect(activitiesNotRegistered(cards)).toEqual(['charge', 'block', 'quote']);
    expect(classNameOf(cards)).toBe('Cards');
  });
});

describe('a class', () => {
  it('is `this` of its static functions', async () => {
    expect(await call(Fixed, 'convert')).toBe('at 7');
    expect(await call(Fixed, 'round')).toBe('rounded at 7');
    expect(activityNames(Fixed)).toEqual(['convert', 'round']);
    expect(activitiesNotRegistered(Fixed)).toEqual(['round']);
    expect(classNameOf(Fixed)).toBe('Fixed');
  });
});

describe('an object', () => {
  it('is no `this` of its functions, as in a worker of the SDK', () => {
    const activities = {
      rate: 7,
      convert(this: unknown) {
        return this;
      },
    };

    expect(call(activities, 'convert')).toBeUndefined();
    expect(activityNames(activities)).toEqual(['convert']);
    expect(activitiesNotRegistered(activities)).toEqual([]);
    expect(classNameOf(activities)).toBeNull();
  });

  it('may have an activity with the name of a method of all functions', () => {
    expect(call({ call: () => 'rang', toString: () => 'text' }, 'call')).toBe('rang');
    expect(activityFunction({}, 'toString')).toBeNull();
  });
});
