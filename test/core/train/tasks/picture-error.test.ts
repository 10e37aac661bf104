import { Graph } from '../../../../core/graph/index.js';
import { type PictureErrorOptions, pictureError } from '../../../../core/train/tasks/picture-error.js';
import { numbers, runGraph } from '../../graph/harness.js';

const DIMS = [2, 3, 4, 4];
const PLACES = 16;

async function measure(made: ArrayLike<number>, truth: ArrayLike<number>, options: PictureErrorOptions) {
  const graph = new Graph('error');
  const [a, b] = ['made', 'truth'].map((name) => graph.input(name, DIMS));
  graph.output('error', pictureError(a, b, options));
  const { error } = await runGraph(graph, {
    made: { dims: DIMS, data: made },
    truth: { dims: DIMS, data: truth },
  });
  return Number(error.data[0]);
}

/** A change of each colour of every pixel, scaled per crop. */
const shifted = (truth: Float32Array, change: readonly number[], scales = [1, 1]) =>
  truth.map((value, i) => value + change[Math.floor(i / PLACES) % 3] * scales[Math.floor(i / (3 * PLACES))]);

describe('the error of an enlarged picture', () => {
  const truth = numbers(96, 3, 0, 1);

  it('is the mean absolute difference', async () => {
    const error = await measure(shifted(truth, [0.1, -0.2, 0.3]), truth, {
      error: 'absolute',
      lumaWeight: 0,
    });
    expect(error).toBeCloseTo(0.2, 5);
  });

  it('counts brightness as often as asked', async () => {
    const grey = await measure(shifted(truth, [0.1, 0.1, 0.1]), truth, { error: 'absolute', lumaWeight: 3 });
    expect(grey).toBeCloseTo(0.1, 5);
    // A change of colour alone: 0.299 r + 0.587 g = 0.
    const hue = await measure(shifted(truth, [0.587, -0.299, 0]), truth, {
      error: 'absolute',
      lumaWeight: 3,
    });
    expect(hue).toBeCloseTo((0.587 + 0.299) / 3 / 4, 5);
  });

  it('is minus the mean PSNR of the crops but for the unit', async () => {
    const made = shifted(truth, [0.1, 0.1, 0.1], [1, 0.1]);
    const error = await measure(made, truth, { error: 'psnr', lumaWeight: 2 });
    const psnr = -error * (10 / Math.LN10);
    expect(psnr).toBeCloseTo((20 + 40) / 2, 0);
  });

  it('rewards nothing beyond 50 dB', async () => {
    const error = await measure(truth, truth, { error: 'psnr', lumaWeight: 1 });
    expect(-error * (10 / Math.LN10)).toBeCloseTo(50, 3);
  });
});
