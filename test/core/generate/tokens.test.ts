import { openTokenizer } from '../../../core/generate/tokens.js';
import { END, idOf, START, tinyTokenizer } from './tiny-tokenizer.js';

const open = (length = 12) => openTokenizer(tinyTokenizer(), { length, pad: END }, 'tokenizer.json');

describe('tokens of a prompt', () => {
  it('stand between start and end, padded, with a mask of what counts', () => {
    const { ids, mask } = open()('Red  APPLE');
    expect(ids).toEqual([START, idOf('red</w>'), idOf('apple</w>'), END, ...Array(8).fill(END)]);
    expect(mask).toEqual([1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('are parts of words where a word is not known', () => {
    const { ids } = open()('redo');
    expect(ids.slice(1, 5)).toEqual([idOf('re'), idOf('d'), idOf('o</w>'), END]);
  });

  it('are start and end alone for the empty prompt', () => {
    expect(open(3)('')).toEqual({ ids: [START, END, END], mask: [1, 1, 0] });
  });

  it('must fit', () => {
    expect(() => open(4)('red apple')).not.toThrow();
    expect(() => open(4)('red blue apple')).toThrow(
      expect.objectContaining({
        code: 'prompt-invalid',
        message: expect.stringMatching(/has 3 tokens .* reads 2\./),
      }),
    );
  });

  it('need a tokenizer.json', () => {
    for (const text of ['', '{}', 'not json', '{"model":{"type":"Magic"}}', '[]']) {
      expect(() => openTokenizer(new TextEncoder().encode(text), { length: 8, pad: 0 }, 'tok.json')).toThrow(
        expect.objectContaining({ code: 'pack-invalid', message: expect.stringContaining('tok.json') }),
      );
    }
  });
});
