import { indexOfName, mentions, renamedIn, withLiteralsRenamed } from '../../src/source/names-in-code';

describe('a name in code', () => {
  it.each([
    ['await api.charge();', 'charge', 10],
    ['await api.chargeCard();', 'charge', -1],
    ["await api['C++ build']();", 'C++ build', 11],
    ["run('C++', 'C');", 'C++', 5],
    ['$charge(); charge();', 'charge', 11],
    ['anything', '', -1],
    ['n'.repeat(300_000), 'n'.repeat(299_999), -1],
  ])('%.30s has %.30s at index %d', (text, name, expected) => {
    const at = indexOfName(text, name);

    expect(at).toBe(expected);
  });

  it('is mentioned by one of several lines', () => {
    expect(mentions(['a(', "'C++ build')"], ['(b', 'C++ build'])).toBe(true);
    expect(mentions(['a('], ['(b', '[', '\\'])).toBe(false);
  });

  it.each([
    ['await api.charge();', 'charge', 'pay', 'await api.pay();'],
    ["await api['C++ build']();", 'C++ build', 'C build', "await api['C build']();"],
    ["await api['a']();", 'a', "$& $' $1", null],
    ['await api.charge();', 'charge', 'C build', null],
    ['await api.charge();', 'charge', 'x(); steal(); api.y', null],
    ["await api['a']();", 'a', "b'](); steal(); api['c", null],
    ['await api[`a`]();', 'a', 'b${steal()}', null],
    ["await api['a']();", 'a', '\u202eb', null],
    ['await api.other();', 'charge', 'pay', null],
  ])('%s: %s becomes %s', (line, now, old, expected) => {
    const renamed = renamedIn(line, now, old);

    expect(renamed).toBe(expected);
  });

  it('is renamed in each literal that is the name', () => {
    expect(withLiteralsRenamed("patched('a.b') || patched(\"a.b\") || 'axb'", 'a.b', 'c')).toBe(
      "patched('c') || patched(\"c\") || 'axb'",
    );
  });
});
