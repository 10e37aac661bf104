import { createRng } from '../../core/train/data/rng.js';
import { mayMirror, twinOf } from '../../scripts/data/icons/twin.js';

const SIDE = 16;

/** An upright bar beside a dot: its mirror image is another picture. `left` empty columns, `top` empty rows. */
function figure(left: number, top: number): Uint8Array {
  const rgba = new Uint8Array(SIDE * SIDE * 4);
  const put = (x: number, y: number, red: number) => rgba.set([red, 20, 30, 255], (y * SIDE + x) * 4);
  for (let y = 0; y < 6; y++) put(left, top + y, 200);
  put(left + 3, top, 90);
  return rgba;
}

/** Visible pixels as "x,y,red", relative to the first column and row that hold any. */
function shape(rgba: Uint8Array): string[] {
  const seen = [...Array(SIDE * SIDE).keys()].filter((i) => rgba[i * 4 + 3] > 0);
  const [left, top] = [Math.min(...seen.map((i) => i % SIDE)), Math.floor(seen[0] / SIDE)];
  return seen.map((i) => `${(i % SIDE) - left},${Math.floor(i / SIDE) - top},${rgba[i * 4]}`);
}

describe('twins of icons', () => {
  it('are the whole icon at another place, mirrored only where allowed', () => {
    const icon = figure(5, 5);
    const mirror = shape(icon).map((pixel) => pixel.replace(/^\d+/, (x) => String(3 - Number(x))));
    const upright = Array.from({ length: 40 }, (_, i) => twinOf(icon, SIDE, false, createRng(i)));
    const either = Array.from({ length: 40 }, (_, i) => twinOf(icon, SIDE, true, createRng(i)));
    for (const { mirrored, rgba } of upright) {
      expect(mirrored).toBe(false);
      expect(shape(rgba)).toEqual(shape(icon));
    }
    for (const { mirrored, rgba } of either)
      expect(shape(rgba).sort()).toEqual((mirrored ? mirror : shape(icon)).sort());
    expect(new Set(either.map(({ mirrored }) => mirrored)).size).toBe(2);
    expect(new Set(upright.map(({ rgba }) => rgba.join())).size).toBeGreaterThan(10);
  });

  it('never leave the frame', () => {
    const corner = figure(0, 0);
    for (let i = 0; i < 40; i++)
      expect(shape(twinOf(corner, SIDE, true, createRng(i)).rgba)).toHaveLength(shape(corner).length);
    const full = new Uint8Array(SIDE * SIDE * 4).fill(255);
    expect(twinOf(full, SIDE, false, createRng(1)).rgba).toEqual(full);
  });

  it('are not mirrored where that would say something else', () => {
    for (const label of ['left arrow', 'three oclock', 'musical note', 'backhand index pointing right'])
      expect(mayMirror(label, 7)).toBe(false);
    expect(mayMirror('rocket', 5)).toBe(true);
    expect(mayMirror('leftover pizza', 4)).toBe(true);
    expect(mayMirror('peace symbol', 8)).toBe(false);
    expect(mayMirror('chequered flag', 9)).toBe(false);
  });
});
