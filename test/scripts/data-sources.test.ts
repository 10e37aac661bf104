import { FONT_PACKAGES, HELPER_MAP, ICON_PACKAGES, PICTURE_SOURCES } from '../../scripts/data/sources.js';
import { decodeTga } from '../../scripts/data/tga.js';

describe('data sources', () => {
  it('names licences, content and a reduction for every package, once each', () => {
    const names = [...PICTURE_SOURCES, ...ICON_PACKAGES, ...FONT_PACKAGES].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { licences, what, reduce } of PICTURE_SOURCES) {
      expect(licences.length).toBeGreaterThan(0);
      for (const licence of licences) expect(licence).toMatch(/^[A-Za-z][\w.+-]+$/);
      expect(what.length).toBeGreaterThan(8);
      expect(reduce[0]).toBeGreaterThanOrEqual(1);
      expect(reduce[1]).toBeGreaterThanOrEqual(reduce[0]);
    }
    for (const { licence } of [...ICON_PACKAGES, ...FONT_PACKAGES])
      expect(licence).toMatch(/^[A-Za-z][\w.+-]+$/);
  });

  it('takes no licence that forbids use or change', () => {
    const all = [
      ...PICTURE_SOURCES.flatMap(({ licences }) => licences),
      ...ICON_PACKAGES.map(({ licence }) => licence),
    ];
    for (const licence of all) expect(licence).not.toMatch(/-N[CD]\b|proprietary|unknown/i);
  });

  it('tells helper maps from pictures by name', () => {
    for (const name of ['wall_n.png', 'a/b_norm.tga', 'x-height.jpg', 'y_gloss.jpg'])
      expect(name).toMatch(HELPER_MAP);
    for (const name of ['stone.png', 'a/green.jpg', 'wall_01.jpg', 'lion.png'])
      expect(name).not.toMatch(HELPER_MAP);
  });
});

describe('decodeTga', () => {
  /** A header for 2 x 2 pixels. */
  const header = (type: number, bits: number, descriptor: number): number[] => [
    0,
    0,
    type,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    2,
    0,
    2,
    0,
    bits,
    descriptor,
  ];

  it('turns bottom-up BGR into top-down RGB', () => {
    const file = Uint8Array.from([...header(2, 24, 0), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(decodeTga(file)).toEqual({
      width: 2,
      height: 2,
      channels: 3,
      data: Uint8Array.from([9, 8, 7, 12, 11, 10, 3, 2, 1, 6, 5, 4]),
    });
  });

  it('expands runs', () => {
    const file = Uint8Array.from([...header(10, 24, 0x20), 0x82, 1, 2, 3, 0x00, 4, 5, 6]);
    expect(decodeTga(file)?.data).toEqual(Uint8Array.from([3, 2, 1, 3, 2, 1, 3, 2, 1, 6, 5, 4]));
  });

  it('passes over what it does not know', () => {
    expect(decodeTga(Uint8Array.from(header(1, 8, 0)))).toBeUndefined();
    expect(decodeTga(new Uint8Array(4))).toBeUndefined();
  });
});
