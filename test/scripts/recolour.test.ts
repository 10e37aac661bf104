import { mainColour, recolour } from '../../scripts/data/icons/recolour.js';

/** A disc of one colour, shaded from left to right, on nothing. */
function disc(r: number, g: number, b: number): Uint8Array {
  const rgba = new Uint8Array(32 * 32 * 4);
  for (let i = 0; i < 1024; i++) {
    const x = i % 32;
    const shade = 0.7 + (0.3 * x) / 31;
    const inside = Math.hypot(x - 15.5, Math.floor(i / 32) - 15.5) < 12;
    rgba.set([r * shade, g * shade, b * shade, inside ? 255 : 0], 4 * i);
  }
  return rgba;
}

describe('recolouring', () => {
  it('finds the main colour, and none in grey or motley pictures', () => {
    expect(mainColour(disc(220, 40, 40))).toBe('red');
    expect(mainColour(disc(40, 90, 230))).toBe('blue');
    expect(mainColour(disc(128, 128, 128))).toBeNull();
    const motley = disc(220, 40, 40);
    motley.set(disc(40, 90, 230).subarray(2048), 2048);
    expect(mainColour(motley)).toBeNull();
  });

  it('gives another colour and keeps shading and coverage', () => {
    const red = disc(220, 40, 40);
    const blue = recolour(red, 'red', 'blue');
    expect(mainColour(blue)).toBe('blue');
    const at = (x: number, c: number) => blue[4 * (16 * 32 + x) + c];
    expect(at(26, 2)).toBeGreaterThan(at(5, 2));
    for (let i = 3; i < red.length; i += 4) expect(blue[i]).toBe(red[i]);
  });

  it('leaves grey and other colours alone', () => {
    for (const picture of [disc(128, 128, 128), disc(40, 200, 60)])
      expect(recolour(picture, 'red', 'blue')).toEqual(picture);
  });
});
