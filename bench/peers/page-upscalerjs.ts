/** The page of the peers: UpscalerJS with one of its models, on the wasm backend of tfjs and one thread. */

import * as tf from '@tensorflow/tfjs';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import medium2 from '@upscalerjs/esrgan-medium/2x';
import medium4 from '@upscalerjs/esrgan-medium/4x';
import slim2 from '@upscalerjs/esrgan-slim/2x';
import slim4 from '@upscalerjs/esrgan-slim/4x';
import thick2 from '@upscalerjs/esrgan-thick/2x';
import thick4 from '@upscalerjs/esrgan-thick/4x';
import Upscaler from 'upscaler';
import { bytesOf, type PageResult, type PixelText, toText } from './pixels.js';

const MODELS: Readonly<Record<string, object>> = {
  'esrgan-slim/x2': slim2,
  'esrgan-slim/x4': slim4,
  'esrgan-medium/x2': medium2,
  'esrgan-medium/x4': medium4,
  'esrgan-thick/x2': thick2,
  'esrgan-thick/x4': thick4,
};

let upscaler: Upscaler;

Object.assign(globalThis, {
  /** `name` such as "esrgan-slim/x2". Returns the backend that runs. */
  async prepare(name: string): Promise<string> {
    setWasmPaths('/tfjs/');
    setThreadsCount(1);
    await tf.setBackend('wasm');
    await tf.ready();
    upscaler = new Upscaler({
      model: { ...MODELS[name], path: `/upscalerjs/${name.replace('/', '/models/')}/model.json` },
    });
    return tf.getBackend();
  },

  async enlarge(picture: PixelText): Promise<PageResult> {
    const { width, height } = picture;
    const started = performance.now();
    const input = tf.tensor3d(Float32Array.from(bytesOf(picture)), [height, width, 3]);
    const output = await upscaler.upscale(input, { output: 'tensor' });
    const rgb = Uint8ClampedArray.from(await output.data());
    const milliseconds = performance.now() - started;
    const [outHeight, outWidth] = output.shape;
    input.dispose();
    output.dispose();
    return { ...toText(outWidth, outHeight, rgb), milliseconds };
  },
});
