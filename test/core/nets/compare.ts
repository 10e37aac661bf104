/** What tests of networks hold their outputs against. */

export const floats = (output: { data: unknown }) => output.data as Float32Array;

export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) expect(Math.abs(actual[i] - expected[i])).toBeLessThan(tolerance);
}

/** Leaves out a border, where MATLAB mirrors and the graph replicates. */
