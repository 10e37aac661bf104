import {
  COLOURS,
  colourless,
  drawCaption,
  familyOf,
  isCaptionOf,
  isHeldOut,
  plainWords,
} from '../../../../core/train/data/captions.js';
import { createRng } from '../../../../core/train/data/rng.js';

describe('captions', () => {
  it('are plain words', () => {
    expect(plainWords('Man’s shoe: dark-brown, No. 5!')).toBe('mans shoe dark brown no 5');
  });

  it('put skin tones and genders into one family', () => {
    const labels = ['woman running', 'man running: dark skin tone', 'person running'];
    expect(new Set(labels.map(familyOf))).toEqual(new Set(['running']));
    expect(familyOf('woman')).toBe('woman');
    expect(familyOf('red apple')).not.toBe(familyOf('green apple'));
  });

  it('drop colours, but not a name that is nothing else', () => {
    expect(colourless('red apple')).toBe('apple');
    expect(colourless('Orange')).toBe('orange');
    expect(colourless('reddish fox')).toBe('reddish fox');
  });

  it('always name a colour that was given', () => {
    const icon = { label: 'red apple', tags: ['fruit', 'food'], colour: 'blue', recoloured: true } as const;
    const captions = Array.from({ length: 50 }, (_, i) => drawCaption(icon, createRng(1, i)));
    for (const caption of captions) expect(caption).toMatch(/\bblue apple\b/);
    expect(new Set(captions).size).toBeGreaterThan(2);
  });

  it('are mostly the name, sometimes a tag, sometimes the colour', () => {
    const icon = { label: 'red apple', tags: ['fruit'], colour: 'red', recoloured: false } as const;
    const captions = Array.from({ length: 400 }, (_, i) => drawCaption(icon, createRng(2, i)));
    const share = (test: (caption: string) => boolean) => captions.filter(test).length / captions.length;
    expect(share((caption) => caption.includes('apple'))).toBeGreaterThan(0.75);
    expect(share((caption) => caption === 'fruit')).toBeGreaterThan(0.05);
  });

  it('keep some combinations of colour and object out, the same ones always', () => {
    const objects = Array.from({ length: 200 }, (_, i) => `thing ${i}`);
    const held = objects.flatMap((object) => COLOURS.map((colour) => isHeldOut(colour, object)));
    const share = held.filter(Boolean).length / held.length;
    expect(share).toBeGreaterThan(0.07);
    expect(share).toBeLessThan(0.17);
    expect(isHeldOut('blue', 'apple')).toBe(isHeldOut('blue', 'apple'));
  });

  it("are recognised as the icon's own, and others are not", () => {
    const icons = [
      { label: 'red apple', tags: ['Fruit', 'food'], colour: 'red', recoloured: false },
      { label: 'red apple', tags: ['fruit', 'food'], colour: 'blue', recoloured: true },
      { label: 'tear-off calendar', tags: [], colour: null, recoloured: false },
    ] as const;
    for (const [k, icon] of icons.entries())
      for (let i = 0; i < 200; i++)
        expect(isCaptionOf(drawCaption(icon, createRng(3, k, i)), icon)).toBe(true);
    for (const other of ['green apple', 'apple', 'fruit food', 'blue fruit', ''])
      for (const icon of icons) expect(isCaptionOf(other, icon)).toBe(false);
    expect(isCaptionOf('red apple', icons[1])).toBe(false);
    expect(isCaptionOf('fruit', icons[1])).toBe(false);
  });

  it('always say what is shown the other way round', () => {
    const icon = { label: 'rocket', tags: ['space'], colour: null, recoloured: false, mirrored: true };
    for (let i = 0; i < 60; i++) {
      const caption = drawCaption(icon, createRng(4, i));
      expect(caption).toMatch(/^mirrored /);
      expect(isCaptionOf(caption, icon)).toBe(true);
    }
    expect(isCaptionOf('rocket', icon)).toBe(false);
    expect(isCaptionOf('mirrored rocket', { ...icon, mirrored: false })).toBe(false);
  });
});
