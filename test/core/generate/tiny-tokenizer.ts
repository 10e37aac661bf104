/** A tokenizer of CLIP's make (byte-level pairs, end-of-word marks, start and end tokens) with a vocabulary of 70. */

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';
const WORDS = ['red', 'blue', 'apple'];

/** Merges that build a word from the left, as they stand in a tokenizer.json. */
function merges(word: string): string[] {
  const parts = [...word].map((letter, i) => (i === word.length - 1 ? `${letter}</w>` : letter));
  return parts.slice(1).map((part, i) => `${parts.slice(0, i + 1).join('')} ${part}`);
}

function vocabulary(): Record<string, number> {
  const tokens = [...LETTERS, ...[...LETTERS].map((letter) => `${letter}</w>`)];
  for (const word of WORDS) for (const merge of merges(word)) tokens.push(merge.replace(' ', ''));
  tokens.push('<|startoftext|>', '<|endoftext|>');
  return Object.fromEntries([...new Set(tokens)].map((token, id) => [token, id]));
}

const vocab = vocabulary();
export const START = vocab['<|startoftext|>'];
export const END = vocab['<|endoftext|>'];
export const idOf = (token: string): number => vocab[token];

const special = (id: number, content: string) => ({
  id,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special: true,
});

/** The bytes of its tokenizer.json. */
export function tinyTokenizer(): Uint8Array {
  const json = {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [special(START, '<|startoftext|>'), special(END, '<|endoftext|>')],
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'NFC' },
        { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' },
        { type: 'Lowercase' },
      ],
    },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        {
          type: 'Split',
          pattern: { Regex: "'s|'t|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+" },
          behavior: 'Removed',
          invert: true,
        },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
      ],
    },
    post_processor: {
      type: 'RobertaProcessing',
      sep: ['<|endoftext|>', END],
      cls: ['<|startoftext|>', START],
      trim_offsets: false,
      add_prefix_space: false,
    },
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: '<|endoftext|>',
      continuing_subword_prefix: '',
      end_of_word_suffix: '</w>',
      fuse_unk: false,
      vocab,
      merges: WORDS.flatMap(merges),
    },
  };
  return new TextEncoder().encode(JSON.stringify(json));
}
