/** The Fabric host in a real browser: what is on the canvas looks the same after its picture was replaced. */

import path from 'node:path';
import { useServedPage } from '../../../browser/chromium.js';

const { call } = useServedPage(path.join(__dirname, '../../../browser/pages/fabric-page.ts'));

describe('replacing the picture of a Fabric image', () => {
  it.each([
    ['plain', {}],
    ['rotated', { angle: 33 }],
    ['flipped', { flipX: true, flipY: true, angle: 10 }],
    ['skewed', { skewX: 20, angle: 5 }],
    ['from its top left corner', { originX: 'left', originY: 'top', left: 70, top: 60, angle: 12 }],
    ['cropped', { cropX: 12, cropY: 9, width: 40, height: 30, angle: 8 }],
    ['faint', { opacity: 0.4 }],
    ['mixed', { globalCompositeOperation: 'multiply' }],
    ['with a stroke', { stroke: '#102030', strokeWidth: 6, strokeDashArray: [12, 5], angle: 7 }],
    ['with an even stroke', { stroke: '#102030', strokeWidth: 6, strokeUniform: true }],
    ['with a shadow', { shadow: { color: '#000a', blur: 6, offsetX: 8, offsetY: 5 } }],
    [
      'with a shadow of its own size',
      { shadow: { color: '#000a', blur: 6, offsetX: 8, offsetY: 5, nonScaling: true } },
    ],
    ['clipped', { clip: 'circle', angle: 20 }],
    ['clipped by something turned', { clip: 'turned', flipX: true }],
    ['clipped on the canvas', { clip: 'absolute', angle: 20 }],
    ['filtered', { filters: ['Grayscale', 'Brightness'] }],
    ['blurred', { filters: ['Blur'] }],
    ['in blocks', { filters: ['Pixelate'] }],
  ])('leaves it as it looks: %s', async (_, options) => {
    const result = await call('lookAfterReplacing', options);
    expect(result.drawn).toBeGreaterThan(2000);
    expect(result.mean).toBeLessThan(0.6);
    const [before, after] = result.corners as number[][][];
    before.flat().forEach((value, i) => {
      expect(after.flat()[i]).toBeCloseTo(value, 3);
    });
    expect(result.picture).toEqual([320, 240]);
    expect(result.selected).toMatchObject({ width: 320, height: 240, source: 'original' });
  });

  it('keeps the crop in the pixels of the larger picture', async () => {
    const { size } = await call('lookAfterReplacing', { cropX: 12, cropY: 9, width: 40, height: 30 });
    expect(size).toEqual([160, 120]);
  });

  it('tells the page of the change and encloses the job for its history', async () => {
    const { steps, events } = await call('lookAfterReplacing', {});
    expect(steps).toEqual(['begin', 'end']);
    expect(events.slice(-2).sort()).toEqual(['object:modified', 'selection']);
  });

  it.each(['group', 'selection'])('works inside a %s', async (kind) => {
    const result = await call('lookInside', kind, 'replace');
    expect(result.drawn).toBeGreaterThan(2000);
    expect(result.mean).toBeLessThan(0.6);
    expect(result.count).toBe(2);
  });

  it.each(['group', 'selection'])('puts a layer exactly above inside a %s', async (kind) => {
    const result = await call('lookInside', kind, 'layer');
    expect(result.mean).toBeLessThan(0.6);
    expect(result.count).toBe(3);
    expect(result.above).toBe('image');
  });

  it('copies what objects share before it changes it, and survives saving and loading', async () => {
    const { sameKey, clipScale, reloaded } = await call('sharing');
    expect(sameKey).toBe(true);
    expect(clipScale).toBe(1);
    expect(reloaded.mean).toBeLessThan(0.2);
  });

  it('filters pictures larger than the texture of the WebGL filters', async () => {
    const { mean, drawn } = await call('largeWithFilter');
    expect(drawn).toBeGreaterThan(2000);
    expect(mean).toBeLessThan(0.6);
  });
});

describe('a layer above', () => {
  it.each([
    ['an opaque picture leaves it', {}, true],
    ['a soft picture hides it', { soft: true }, false],
    ['a faint object hides it', { opacity: 0.5 }, false],
    [
      'an object with a shadow hides it',
      { shadow: { blur: 8, offsetX: 6, offsetY: 6, color: '#0008' } },
      false,
    ],
  ])('%s, and nothing looks heavier', async (_, options, beneath) => {
    const result = await call('lookAboveSoft', options);
    expect(result.count).toBe(2);
    expect(result.beneath).toBe(beneath);
    expect(result.drawn).toBeGreaterThan(2000);
    expect(result.mean).toBeLessThan(1);
  });
});

describe('objects without a picture of their own', () => {
  it.each([
    ['text', 'Enlarge me'],
    ['shape', 'Rect'],
    ['group', 'Group'],
  ])('get one above them and are hidden, and all looks the same: %s', async (kind, name) => {
    const result = await call('lookAboveDrawn', kind);
    expect(result.name).toBe(name);
    expect(result.picture.source).toBe('rendered');
    expect(result.drawn).toBeGreaterThan(500);
    expect(result.mean).toBeLessThan(1);
    expect(result.order).toEqual([kind === 'shape' ? 'rect' : kind, 'image', 'rect']);
    expect(result.beneath).toBe(false);
    expect(result.selected).toEqual(['image']);
    expect(result.notices).toEqual([expect.stringContaining('hidden because it would show through')]);
  });

  it('draws groups as sharp as the pictures inside', async () => {
    const { picture } = await call('lookAboveDrawn', 'group');
    const { picture: shape } = await call('lookAboveDrawn', 'shape');
    expect(picture.width).toBeGreaterThan(shape.width * 1.5);
  });
});

describe('the rest of the Fabric host', () => {
  it('gives reasons for what cannot be enlarged', async () => {
    expect(await call('skips')).toEqual(['locked', 'hidden', 'empty', 'video']);
  });

  it('changes nothing when it refuses', async () => {
    const { codes, unchanged, steps } = await call('refusals');
    expect(codes).toEqual(['output-too-large', 'placement-failed', 'layer-gone', 'layer-gone']);
    expect(unchanged).toBe(true);
    expect(steps).toEqual([]);
  });

  it('places new pictures in the middle of what is seen, and knows them again', async () => {
    const { box, selection, steps } = await call('placeNew');
    const [left, top, width, height] = box;
    // The view is 160 x 120 units from (20, 15).
    expect(left + width / 2).toBeCloseTo(100, 1);
    expect(top + height / 2).toBeCloseTo(75, 1);
    expect(width).toBeCloseTo(144, 0);
    expect(selection.generated).toEqual({ prompt: 'red apple', seed: 3, guidance: 2 });
    expect(steps).toEqual(['begin', 'end']);
  });

  it('gives thumbnails', async () => {
    expect(await call('thumbnail')).toEqual([40, 30]);
  });
});
