/**
 * What is said of a training icon: captions in plain words, families that keep near-duplicates (skin tones, genders) from
 * outweighing everything else, and colour words, so that "blue apple" can be asked for. Pure text. Owner: core/train/data.
 */

import { hashText, type Rng } from './rng.js';

/** Colours that icons are recoloured to, and that prompts can name. */
export const COLOURS = ['red', 'orange', 'yellow', 'green', 'blue', 'purple', 'pink'] as const;
export type Colour = (typeof COLOURS)[number];

/** An icon with everything a caption is made of. */
export interface CaptionedIcon {
  /** Plain name, lower case: "red apple". */
  readonly label: string;
  readonly tags: readonly string[];
  /** Its one colour, where it has one. */
  readonly colour: Colour | null;
  /** Whether the colour was given to it: then every caption names it. */
  readonly recoloured: boolean;
  /** Whether it is shown the other way round: then every caption says so. */
  readonly mirrored?: boolean | undefined;
}

const GENDER = /\b(man|woman|person|men|women|people|boy|girl)\b/g;
const COLOUR_WORD = new RegExp(`\\b(${COLOURS.join('|')}|brown|black|white|grey|gray|light|dark)\\b ?`, 'g');

/** Lower case, with what is neither letter nor digit as single spaces. */
export function plainWords(text: string): string {
  return text
    .toLowerCase()
    .replace(/['’]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** Icons of one family count as one in training: those that differ in gender, skin tone or members only. */
export function familyOf(label: string): string {
  const [subject] = label.split(':');
  const neutral = plainWords(subject).replace(GENDER, ' ').replace(/\s+/g, ' ').trim();
  return neutral || plainWords(subject);
}

/** The label without words of colour: what "blue" is put before. */
export function colourless(label: string): string {
  return plainWords(label).replace(COLOUR_WORD, '').trim() || plainWords(label);
}

/** Share of colour and object combinations that are never trained on, so that composing them can be measured. */
const HELD_OUT_SHARE = 0.12;

/** Whether a combination such as ("blue", "apple") is kept out of the training set. */
export function isHeldOut(colour: string, object: string): boolean {
  return hashText(`${colour} ${object}`) / 4294967296 < HELD_OUT_SHARE;
}

/** The word for icons shown the other way round. */
export const MIRRORED = 'mirrored';

/** One of the icon's captions. */
export function drawCaption(icon: CaptionedIcon, rng: Rng): string {
  const caption = drawUpright(icon, rng);
  return icon.mirrored ? `${MIRRORED} ${caption}` : caption;
}

function drawUpright(icon: CaptionedIcon, rng: Rng): string {
  const { label, tags, colour, recoloured } = icon;
  const named = colour && (recoloured || rng.chance(0.15));
  const base = named ? `${colour} ${colourless(label)}` : plainWords(label);
  if (tags.length === 0 || !rng.chance(0.35)) return base;
  const tag = plainWords(tags[rng.int(tags.length)]);
  if (rng.chance(0.4) && !recoloured) return tag;
  return rng.chance(0.5) ? `${base} ${tag}` : `${tag} ${base}`;
}

/** Whether `drawCaption` can say `caption`, in plain words, of the icon. */
export function isCaptionOf(caption: string, icon: CaptionedIcon): boolean {
  if (icon.mirrored)
    return (
      caption.startsWith(`${MIRRORED} `) &&
      isCaptionOf(caption.slice(MIRRORED.length + 1), { ...icon, mirrored: false })
    );
  const { label, tags, colour, recoloured } = icon;
  const bases = new Set<string>();
  if (colour) bases.add(`${colour} ${colourless(label)}`);
  if (!recoloured) bases.add(plainWords(label));
  const words = tags.map(plainWords);
  if (!recoloured && words.includes(caption)) return true;
  for (const base of bases) {
    if (caption === base) return true;
    if (words.some((tag) => caption === `${base} ${tag}` || caption === `${tag} ${base}`)) return true;
  }
  return false;
}
