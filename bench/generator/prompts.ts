/**
 * The prompts of the generator's sample sheet: 64, always the same, in rows of eight. The first four rows name icons it was
 * trained with; the last four were never captions: colours kept from their objects in training, then plain requests in
 * words of its own world.
 */

import { type CaptionedIcon, isCaptionOf, plainWords } from '../../core/train/data/captions.js';

export const SEEN_PROMPTS = [
  ...['red apple', 'banana', 'watermelon', 'pizza', 'doughnut', 'birthday cake', 'lollipop', 'hot dog'],
  ...['cat face', 'penguin', 'turtle', 'butterfly', 'octopus', 'whale', 'rooster', 'elephant'],
  ...['rocket', 'fire engine', 'sailboat', 'locomotive', 'umbrella', 'guitar', 'key', 'light bulb'],
  ...['grinning face', 'clown face', 'robot', 'rose', 'cactus', 'volcano', 'gem stone', 'trophy'],
] as const;

export const UNSEEN_PROMPTS = [
  ...['yellow apple', 'blue mushroom', 'orange umbrella', 'blue backpack'],
  ...['purple crab', 'purple turtle', 'yellow whale', 'red bell'],
  ...['red tulip', 'green cupcake', 'orange key', 'blue teapot'],
  ...['pink dress', 'red crown', 'orange butterfly', 'yellow fish'],
  ...['small dragon', 'sleepy kitten', 'strawberry cake', 'golden key'],
  ...['happy sun', 'old ship', 'winter hat', 'wooden chair'],
  ...['angry bird', 'sports car', 'magic potion', 'desert plant'],
  ...['toy train', 'coffee cup', 'little house', 'rainy cloud'],
] as const;

/** Those of the prompts that a training icon could have been captioned with. */
export function trainedWith(prompts: readonly string[], icons: readonly CaptionedIcon[]): string[] {
  return prompts.filter((prompt) => icons.some((icon) => isCaptionOf(plainWords(prompt), icon)));
}
