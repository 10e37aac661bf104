/** Principal components of picture patches: the autoencoder's linear maps start as a good linear code. */

import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/** Sum of x x^T over samples, as a symmetric matrix of `size`. */
export class Covariance {
  private readonly sums: Float64Array;
  private count = 0;

  constructor(readonly size: number) {
    this.sums = new Float64Array(size * size);
  }

  add(sample: ArrayLike<number>): void {
    const { size, sums } = this;
    for (let i = 0; i < size; i++) for (let j = i; j < size; j++) sums[i * size + j] += sample[i] * sample[j];
    this.count++;
  }

  /** Mean of x x^T. */
  mean(): Matrix {
    const { size, sums } = this;
    const matrix = Matrix.zeros(size, size);
    for (let i = 0; i < size; i++)
      for (let j = i; j < size; j++) {
        matrix.set(i, j, sums[i * size + j] / this.count);
        matrix.set(j, i, sums[i * size + j] / this.count);
      }
    return matrix;
  }
}

/** The leading eigenvectors of a symmetric matrix, largest eigenvalue first, one unit vector per row. */
export function leadingComponents(matrix: Matrix, count: number): number[][] {
  const { eigenvectorMatrix, realEigenvalues } = new EigenvalueDecomposition(matrix, {
    assumeSymmetric: true,
  });
  const order = realEigenvalues.map((value, i) => ({ value, i })).sort((a, b) => b.value - a.value);
  return order.slice(0, count).map(({ i }) => eigenvectorMatrix.getColumn(i));
}
