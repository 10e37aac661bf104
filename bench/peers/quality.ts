/** How true a method is and how its pictures look: means over a test set. Time does not matter here. */

import { lrPsnr, psnrY, ssimY } from '../../core/raster/metrics.js';
import type { Raster } from '../../core/raster/raster.js';
import { addedGrain } from '../grain.js';
import { perceptualDistance } from '../perceptual.js';
import type { Pair } from '../pictures.js';
import { mean } from '../table.js';
import { openInBrowser } from './browser.js';
import type { Candidate } from './candidates.js';

/** Means over the pictures of a set. */
export interface Quality {
  readonly pictures: number;
  readonly psnrY: number;
  readonly ssimY: number;
  readonly lrPsnr: number;
  readonly perceptual: number;
  /** Levels of grain beyond the originals' on their flat places; null when they have none. */
  readonly grain: number | null;
}

/** In Node where the method runs there, which is the quicker place and gives the same picture; else in a browser. */
async function open({ inNode, inBrowser }: Candidate, scale: number) {
  if (inNode) return { enlarge: (lr: Raster) => inNode.enlarge(lr, scale), close: () => Promise.resolve() };
  const page = await openInBrowser(inBrowser!);
  return { enlarge: async (lr: Raster) => (await page.enlarge(lr)).picture, close: page.close };
}

export async function measureQuality(
  candidate: Candidate,
  pairs: AsyncIterable<Pair>,
  scale: number,
): Promise<Quality> {
  const method = await open(candidate, scale);
  const scores: Omit<Quality, 'pictures' | 'grain'>[] = [];
  const grains: number[] = [];
  try {
    for await (const { hr, lr } of pairs) {
      const picture = await method.enlarge(lr);
      const grain = addedGrain(picture, hr);
      if (grain !== undefined) grains.push(grain);
      scores.push({
        psnrY: psnrY(picture, hr, scale),
        ssimY: ssimY(picture, hr, scale),
        lrPsnr: lrPsnr(picture, lr),
        perceptual: await perceptualDistance(hr, picture),
      });
    }
  } finally {
    await method.close();
  }
  const over = (key: keyof (typeof scores)[number]) => mean(scores.map((score) => score[key]));
  return {
    pictures: scores.length,
    psnrY: over('psnrY'),
    ssimY: over('ssimY'),
    lrPsnr: over('lrPsnr'),
    perceptual: over('perceptual'),
    grain: grains.length > 0 ? mean(grains) : null,
  };
}
