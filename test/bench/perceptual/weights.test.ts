import { readTensors } from '../../../bench/perceptual/weights.js';

it('readTensors reads plain and quantised tensors one after the other', () => {
  const bytes = new Uint8Array(1 + 8 + 3 + 4);
  const view = new DataView(bytes.buffer, 1);
  view.setFloat32(0, 1.5, true);
  view.setFloat32(4, -2, true);
  view.setUint8(8, 0);
  view.setUint8(9, 1);
  view.setUint8(10, 255);
  view.setUint16(11, 3, true);
  view.setUint16(13, 65535, true);
  const tensors = readTensors(
    [
      { name: 'plain', shape: [2, 1], dtype: 'float32' },
      { name: 'byte', shape: [3], dtype: 'float32', quantization: { min: -1, scale: 0.5, dtype: 'uint8' } },
      { name: 'word', shape: [2], dtype: 'float32', quantization: { min: 0, scale: 2, dtype: 'uint16' } },
    ],
    bytes.subarray(1),
  );
  expect([...tensors.get('plain')!.data]).toEqual([1.5, -2]);
  expect(tensors.get('plain')!.shape).toEqual([2, 1]);
  expect([...tensors.get('byte')!.data]).toEqual([-1, -0.5, 126.5]);
  expect([...tensors.get('word')!.data]).toEqual([6, 131070]);
});
