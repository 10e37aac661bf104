/**
 * Learns sub-word tokens from captions by byte-pair encoding (Sennrich, Haddow and Birch 2016) and writes them as the
 * tokenizer.json that Hugging Face's libraries read.
 */

/** Ends the last part of every word, so that "art" alone and in "party" are different tokens. */
const END = '</w>';
export const PAD_TOKEN = '<pad>';
const UNKNOWN_TOKEN = '<unk>';
/** Characters that every tokenizer knows, so that no word of plain English is unknown. */
const ALPHABET = [...'abcdefghijklmnopqrstuvwxyz0123456789'];

export interface TokenizerJson {
  readonly version: string;
  readonly model: {
    readonly type: 'BPE';
    readonly vocab: Readonly<Record<string, number>>;
    readonly merges: readonly (readonly [string, string])[];
  };
}

interface Word {
  parts: string[];
  readonly count: number;
}

/**
 * @param texts Captions; words are what stands between spaces.
 * @param size Tokens in all; fewer when the captions have no more pairs to join.
 */
export function learnTokens(texts: readonly string[], size: number): TokenizerJson {
  const words = countWords(texts);
  const vocab = [PAD_TOKEN, UNKNOWN_TOKEN];
  const letters = new Set([...ALPHABET, ...[...words.keys()].flatMap((word) => [...word])]);
  for (const letter of [...letters].sort()) vocab.push(letter, letter + END);
  const known = new Set(vocab);
  const all: Word[] = [...words].map(([word, count]) => {
    const parts = [...word];
    parts.push(parts.pop() + END);
    return { parts, count };
  });
  const merges: [string, string][] = [];
  while (vocab.length < size) {
    const best = mostFrequentPair(all);
    if (!best) break;
    merges.push(best);
    const joined = best[0] + best[1];
    for (const word of all) word.parts = mergePair(word.parts, best);
    if (!known.has(joined)) {
      known.add(joined);
      vocab.push(joined);
    }
  }
  return tokenizerJson(vocab, merges);
}

function countWords(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts)
    for (const word of text.split(' ')) if (word) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** The pair that occurs most often, at least twice; of equals the first in alphabetical order. */
function mostFrequentPair(words: readonly Word[]): [string, string] | undefined {
  const counts = new Map<string, number>();
  for (const { parts, count } of words)
    for (let i = 0; i + 1 < parts.length; i++) {
      const key = `${parts[i]} ${parts[i + 1]}`;
      counts.set(key, (counts.get(key) ?? 0) + count);
    }
  let best: string | undefined;
  let most = 1;
  for (const [key, count] of counts)
    if (count > most || (count === most && best !== undefined && key < best)) [best, most] = [key, count];
  return best?.split(' ') as [string, string] | undefined;
}

function mergePair(parts: readonly string[], [left, right]: readonly [string, string]): string[] {
  const merged: string[] = [];
  for (let i = 0; i < parts.length; i++) {
    const pair = parts[i] === left && parts[i + 1] === right;
    merged.push(pair ? left + right : parts[i]);
    if (pair) i++;
  }
  return merged;
}

function tokenizerJson(vocab: readonly string[], merges: readonly [string, string][]) {
  const special = (content: string, id: number) => ({
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  });
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [special(PAD_TOKEN, 0), special(UNKNOWN_TOKEN, 1)],
    normalizer: { type: 'Sequence', normalizers: [{ type: 'NFKC' }, { type: 'Lowercase' }] },
    pre_tokenizer: { type: 'Whitespace' },
    post_processor: null,
    decoder: { type: 'BPEDecoder', suffix: END },
    model: {
      type: 'BPE' as const,
      dropout: null,
      unk_token: UNKNOWN_TOKEN,
      continuing_subword_prefix: null,
      end_of_word_suffix: END,
      fuse_unk: true,
      vocab: Object.fromEntries(vocab.map((token, id) => [token, id])),
      merges,
    },
  };
}
