import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { createRng } from '../../core/train/data/rng.js';
import { curate, type TestLook, testLook } from '../../scripts/data/curate.js';
import { temporaryFolder } from '../cli/run.js';

const folder = temporaryFolder();

/** Discs of all sizes lying on each other: a picture as lively as a photograph, another one for each seed. */
function picture(seed: number, width = 320, height = 240): Sharp {
  const rng = createRng(seed, 5, 9);
  const discs = Array.from({ length: 90 }, () => {
    const grey = rng.int(256);
    return `<circle cx="${rng.int(width)}" cy="${rng.int(height)}" r="${8 + rng.int(60)}" fill="rgb(${grey},${rng.int(256)},${grey})"/>`;
  });
  return sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${discs.join('')}</svg>`,
    ),
  )
    .removeAlpha()
    .blur(10);
}

async function plant(name: string, image: Sharp): Promise<void> {
  await mkdir(folder.file('found'), { recursive: true });
  await image.toFile(path.join(folder.file('found'), name));
}

describe('curate', () => {
  let tests: TestLook[];
  let original: Buffer;
  beforeEach(async () => {
    original = await picture(1).png().toBuffer();
    await sharp(original).toFile(folder.file('test.png'));
    tests = [await testLook(folder.file('test.png'))];
  });

  it('leaves out copies of test pictures, whatever was done to them', async () => {
    await plant('same.png', sharp(original));
    await plant('half.png', sharp(original).resize(170));
    await plant('double.png', sharp(original).resize(640));
    await plant('squeezed.png', sharp(original).resize(260, 260, { fit: 'fill' }));
    await plant('worse.jpg', sharp(original).resize(200).jpeg({ quality: 20 }));
    await plant('darker.webp', sharp(original).linear(0.8, 4).webp({ quality: 40 }));
    await plant('mirrored.png', sharp(original).flop());
    await plant('corner.png', sharp(original).extract({ left: 0, top: 0, width: 224, height: 168 }));
    await plant('middle.jpg', sharp(original).extract({ left: 32, top: 25, width: 255, height: 191 }).jpeg());
    const { kept, why } = await curate(folder.file('found'), 'photo', tests);
    expect(await readdir(folder.file('found'))).toEqual([]);
    expect([kept, why]).toEqual([0, 'left out: 9 test picture']);
  });

  it('keeps other pictures', async () => {
    for (let seed = 2; seed < 12; seed++) await plant(`${seed}.png`, picture(seed));
    const { kept, why } = await curate(folder.file('found'), 'photo', tests);
    expect([kept, why]).toEqual([10, 'all kept']);
  });
});
