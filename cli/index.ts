/** `enlarger/node`: what programs for Node need beside `enlarger`: files of pictures, folders of packs, the native engine. */

export {
  type Decoded,
  type DecodeOptions,
  decodeImage,
  type EncodeOptions,
  encodeImage,
  type OutputFormat,
} from '../core/runtime/node/codec.js';
export { type CpuEngineOptions, createCpuEngine } from '../core/runtime/node/cpu.js';
export { createEngine } from '../core/runtime/node/engines.js';
export {
  openPictureWriter,
  type PictureFile,
  type PictureWriter,
} from '../core/runtime/node/picture-writer.js';
export { createFolderReader } from './store/pack-reader.js';
export { loadPictures, type PictureSet } from './store/picture-store.js';
export { RunFolder } from './store/run-folder.js';
export { type NodeUpscalerOptions, openUpscaler } from './upscaler.js';
