/**
 * The WebGPU engine (onnxruntime-web, WebGPU build), for browsers. Owns the graphics device: it asks for the
 * adapter's full limits, watches for its loss and for faults reported beside the results, and destroys it.
 */

import type { InferenceSession } from 'onnxruntime-common';
import { EnlargerError } from '../errors.js';
import { createOrtEngine, type OrtLibrary } from './backend-ort.js';
import type { Engine } from './engine.js';

/** The part of `navigator.gpu` that is used. Core compiles without the DOM, hence these types. */
export interface Gpu {
  requestAdapter(options?: { powerPreference?: 'high-performance' }): Promise<GpuAdapter | null>;
}
export interface GpuAdapter {
  readonly features: { has(name: string): boolean };
  readonly limits: Readonly<Record<string, number | undefined>>;
  readonly info?: {
    readonly vendor?: string;
    readonly architecture?: string;
    readonly description?: string;
    readonly isFallbackAdapter?: boolean;
  };
  requestDevice(descriptor: {
    requiredFeatures: string[];
    requiredLimits: Record<string, number>;
  }): Promise<GpuDevice>;
}
export interface GpuDevice {
  readonly lost: Promise<{ readonly reason: string; readonly message: string }>;
  addEventListener(type: 'uncapturederror', listener: (event: { error: { message: string } }) => void): void;
  destroy(): void;
}

export interface WebGpuEngineOptions {
  /** Default `navigator.gpu`. */
  readonly gpu?: Gpu | undefined;
  /** Loads the library; default: import of `onnxruntime-web/webgpu`. */
  readonly loadLibrary?: () => Promise<WebGpuLibrary>;
  /** The bytes of the library's .wasm file, where it cannot fetch it by itself (sandboxed editor frames). */
  readonly wasmBinary?: ArrayBuffer;
}

/** A build of the library, with the settings of its wasm runtime where it has one. */
export interface WebGpuLibrary extends OrtLibrary {
  readonly env?: { readonly wasm: { numThreads?: number; wasmBinary?: ArrayBufferLike | Uint8Array } };
}

/** A WebGPU engine, with what its device offers. */
export interface WebGpuEngine extends Engine {
  /** Whether float16 arithmetic is there. */
  readonly float16: boolean;
  /** Whether the adapter is no graphics card but a program that pretends to be one. */
  readonly software: boolean;
}

/** Without asking, a device gets the specification's small defaults, too small for picture tensors. */
const RAISED_LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
  'maxComputeWorkgroupsPerDimension',
];

/**
 * Starts the WebGPU engine. If the device is lost later (driver reset, sleep), the call in flight and all
 * later ones reject with `backend-unavailable`; the remedy is a new engine, best in a new worker.
 * @throws EnlargerError `backend-unavailable` without WebGPU, without an adapter, or when the device or
 *   the library cannot be had.
 */
export async function createWebGpuEngine(options: WebGpuEngineOptions = {}): Promise<WebGpuEngine> {
  const { gpu = browserGpu(), loadLibrary = () => import('onnxruntime-web/webgpu') } = options;
  if (!gpu) throw unavailable('This program offers no WebGPU.');
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw unavailable('WebGPU offers no graphics adapter here.');
  const float16 = adapter.features.has('shader-f16');
  const requiredLimits: Record<string, number> = {};
  for (const limit of RAISED_LIMITS) {
    const value = adapter.limits[limit];
    if (value !== undefined) requiredLimits[limit] = value;
  }
  let ort: WebGpuLibrary;
  let device: GpuDevice;
  try {
    ort = await loadLibrary();
    if (ort.env && options.wasmBinary) {
      // Without a page that is cross-origin isolated there are no threads, and the GPU does the work anyway.
      ort.env.wasm.numThreads = 1;
      ort.env.wasm.wasmBinary = options.wasmBinary;
    }
    device = await adapter.requestDevice({
      requiredFeatures: float16 ? ['shader-f16'] : [],
      requiredLimits,
    });
  } catch (error) {
    throw unavailable('The graphics device could not be opened.', error);
  }

  let fault: Error | undefined;
  device.addEventListener('uncapturederror', ({ error }) => {
    // The kind of a GPUError is its class; the first one explains those that follow.
    fault ??= new Error(`${error.constructor.name}: ${error.message}`);
  });
  let disposing = false;
  const lost = new Promise<EnlargerError>((resolve) => {
    device.lost.then(({ reason, message }) => {
      // Whoever else destroys the device (a page, a debugger, the library's last session) takes it from us.
      if (!disposing) resolve(unavailable(`The graphics device was lost: ${message || reason}.`));
    });
  });
  // Whether the library's GPUDevice is a type at all depends on what else is installed.
  const provider = { name: 'webgpu', device } as unknown as InferenceSession.WebGpuExecutionProviderOption;
  const engine = createOrtEngine({
    ort,
    name: 'webgpu',
    description: describe(adapter),
    session: { executionProviders: [provider], graphOptimizationLevel: 'all', logSeverityLevel: 4 },
    lost,
    takeFault: () => {
      const taken = fault;
      fault = undefined;
      return taken;
    },
    onDispose: () => {
      disposing = true;
      device.destroy();
    },
  });
  return { ...engine, float16, software: isSoftware(adapter) };
}

/** Chromium's software adapter does not always call itself a fallback. */
function isSoftware({ info }: GpuAdapter): boolean {
  return info?.isFallbackAdapter === true || /swiftshader|llvmpipe|basic render/i.test(namesOf(info));
}

function namesOf(info: GpuAdapter['info']): string {
  return info?.description || [info?.vendor, info?.architecture].filter(Boolean).join(' ');
}

function browserGpu(): Gpu | undefined {
  return (globalThis as { navigator?: { gpu?: Gpu } }).navigator?.gpu;
}

function describe(adapter: GpuAdapter): string {
  return `WebGPU: ${namesOf(adapter.info) || 'unnamed adapter'}${isSoftware(adapter) ? ' (software)' : ''}`;
}

function unavailable(message: string, cause?: unknown): EnlargerError {
  return new EnlargerError('backend-unavailable', message, 'Use the wasm engine, which runs everywhere.', {
    cause,
  });
}
