/** A host in front of a fake Photopea, with short times, and pictures to play with. */

import vm from 'node:vm';
import { createRaster, type Raster } from '../../../../core/raster/raster.js';
import type { EnlargedPicture, Placement, SelectedLayer } from '../../../../plugin/host.js';
import { encodePng } from '../../../../plugin/hosts/fixture/png.js';
import {
  createPhotopeaHost,
  type PhotopeaHost,
  type PhotopeaOptions,
  photopeaPort,
} from '../../../../plugin/hosts/photopea/index.js';
import { FakePhotopea, type Interpreter } from './fake-photopea.js';

/** Short for tests; long enough for a busy machine not to mistake slowness for silence. */
export const TIMES = {
  scriptMs: 400,
  exportMs: 400,
  openMs: 400,
  pingMs: 300,
  lookMs: 5,
  looks: 8,
  watchMs: 10,
};

const open: PhotopeaHost[] = [];

export function setUp(options: PhotopeaOptions = {}): { pea: FakePhotopea; host: PhotopeaHost } {
  const pea = new FakePhotopea(inVm());
  const host = createPhotopeaHost(photopeaPort(pea.self, pea.window), {
    ...options,
    times: { ...TIMES, ...options.times },
  });
  open.push(host);
  return { pea, host };
}

/** A VM of its own for one Photopea. */
function inVm(): Interpreter {
  let context: vm.Context | null = null;
  return (script, globals) => {
    context ??= vm.createContext({ ...globals });
    vm.runInContext(script, context);
  };
}

/** Lets go of all hosts made. */
export function tearDown(): void {
  for (const host of open.splice(0)) host.disconnect();
}

/** A picture in which every pixel is different, opaque unless told otherwise. */
export function picture(width: number, height: number, seed = 0, alpha = 255): Raster {
  const raster = createRaster(width, height);
  for (let i = 0; i < width * height; i++) {
    raster.data.set([(i * 7 + seed * 31) % 256, (i * 13 + seed) % 256, (i >> 3) % 256, alpha], i * 4);
  }
  return raster;
}

export function enlarged(width: number, height: number, seed = 0, alpha = 255): EnlargedPicture {
  return {
    width,
    height,
    pieces: [{ ...encodePng(picture(width, height, seed, alpha)), x: 0, y: 0, width, height }],
  };
}

export const how = (placement: Placement) => ({ placement, job: 'job', scale: 2 });

export async function selected(host: PhotopeaHost): Promise<readonly SelectedLayer[]> {
  return (await host.selection()).layers;
}

export async function firstRef(host: PhotopeaHost): Promise<string> {
  return (await selected(host))[0].pictures[0].ref;
}
