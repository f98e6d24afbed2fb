import { GuardedObserver } from '../../../../src/replay/engine/core/guarded-observer';

it('keeps an error of the observer from the replay, and throws it afterwards', async () => {
  const observe = jest.fn(() => Promise.reject(new RangeError('too deep')));
  const guarded = new GuardedObserver({ begin: () => undefined, observe });

  guarded.begin({}, () => Promise.resolve(null));
  await guarded.observe({}, []);
  await guarded.observe({}, []);

  expect(observe).toHaveBeenCalledTimes(1);
  expect(() => guarded.throwFault()).toThrow('too deep');
});

it('throws nothing if the observer has not', async () => {
  const guarded = new GuardedObserver({ begin: () => undefined, observe: () => Promise.resolve() });

  await guarded.observe({}, []);

  expect(() => guarded.throwFault()).not.toThrow();
});
