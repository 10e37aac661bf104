import { openTokenizer } from '../../../core/generate/tokens.js';
import { learnTokens, PAD_TOKEN } from '../../../core/train/bpe.js';

const texts = ['red apple', 'green apple', 'pineapple', 'art', 'party', 'red car', 'scary car'];

describe('learnTokens', () => {
  const json = learnTokens(texts, 100);
  const { vocab, merges } = json.model;
  const tokenize = openTokenizer(
    new TextEncoder().encode(JSON.stringify(json)),
    { length: 12, pad: 0 },
    'tokenizer.json',
  );
  const tokens = (text: string) => {
    const names = Object.fromEntries(Object.entries(vocab).map(([token, id]) => [id, token]));
    const { ids, mask } = tokenize(text);
    return ids.filter((_, i) => mask[i] === 1).map((id) => names[id]);
  };

  it('keeps to its size and numbers its tokens from the filler on', () => {
    expect(Object.keys(vocab).length).toBeLessThanOrEqual(100);
    expect(Object.values(vocab).sort((a, b) => a - b)).toEqual(Object.keys(vocab).map((_, i) => i));
    expect(vocab[PAD_TOKEN]).toBe(0);
    expect(merges.length).toBeGreaterThan(5);
  });

  it('makes one token of a frequent word, and tells a word from the part of another', () => {
    expect(tokens('red apple')).toEqual(['red</w>', 'apple</w>']);
    expect(tokens('pineapple').at(-1)).toBe('apple</w>');
    expect(tokens('art').join('')).toBe('art</w>');
    expect(tokens('party').join('')).toBe('party</w>');
  });

  it('spells words it has never seen, in any case, without unknown tokens', () => {
    const spelt = tokens('Zebra 7');
    expect(spelt.join('')).toBe('zebra</w>7</w>');
    expect(spelt.length).toBeGreaterThan(3);
  });

  it('is a function of the texts', () => {
    expect(learnTokens(texts, 100)).toEqual(json);
  });

  it('stops when no pair occurs twice', () => {
    expect(learnTokens(['ab'], 1000).model.merges).toEqual([]);
  });
});
