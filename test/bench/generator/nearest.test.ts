import { nearest } from '../../../bench/generator/nearest.js';

const set = { count: 3, length: 2, data: Float32Array.of(0, 0, 3, 4, 1, 1) };

describe('nearest', () => {
  it('finds the nearest and its distance per value', () => {
    expect(nearest(Float32Array.of(3, 3), set)).toEqual({ example: 1, distance: Math.sqrt(0.5) });
    expect(nearest(Float32Array.of(0.9, 0.9), set).example).toBe(2);
  });

  it('looks only at what is allowed', () => {
    expect(nearest(Float32Array.of(3, 3), set, (n) => n !== 1).example).toBe(2);
  });
});
