import fc from 'fast-check';
import { characterErrorRate, levenshtein, normaliseText } from '../../../bench/text/letters.js';

describe('levenshtein', () => {
  it.each([
    ['', '', 0],
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
    ['flaw', 'lawn', 2],
    ['Grüße', 'Grusse', 3],
    ['a😀b', 'ab', 1],
  ])('%p to %p takes %p edits', (a, b, edits) => {
    expect(levenshtein(a, b)).toBe(edits);
  });

  it('is a metric', () => {
    const word = fc.string({ maxLength: 8, unit: fc.constantFrom('a', 'b', 'c') });
    fc.assert(
      fc.property(word, word, word, (a, b, c) => {
        expect(levenshtein(a, b)).toBe(levenshtein(b, a));
        expect(levenshtein(a, b) === 0).toBe(a === b);
        expect(levenshtein(a, c)).toBeLessThanOrEqual(levenshtein(a, b) + levenshtein(b, c));
      }),
    );
  });
});

describe('characterErrorRate', () => {
  it('weighs readings by their length', () => {
    const readings = [
      { wanted: 'abcdefgh', read: 'abcdefgh' },
      { wanted: 'xy', read: 'xz' },
    ];
    expect(characterErrorRate(readings)).toBeCloseTo(0.1);
  });

  it('forgives white space and kinds of quotes and dashes, but not letters', () => {
    expect(normaliseText(' a  b\n')).toBe('a b');
    expect(characterErrorRate([{ wanted: `it's 2-3`, read: 'it’s  2–3\n\f' }])).toBe(0);
    expect(characterErrorRate([{ wanted: 'l0', read: 'I0' }])).toBe(0.5);
  });
});
