/** A page that behaves as Photopea does towards a plugin in a frame; see photopea.test.ts. */

import { createRaster } from '../../../core/raster/raster.js';
import { FakeLayer } from '../../plugin/hosts/photopea/fake-document.js';
import { FakePhotopea } from '../../plugin/hosts/photopea/fake-photopea.js';

const pea = new FakePhotopea((script, globals) => {
  new Function(...Object.keys(globals), script)(...Object.values(globals));
});
const raster = createRaster(6, 4, [10, 200, 90, 255]);
const photo = new FakeLayer({ name: 'photo', raster, x: 3, y: 2 });
const doc = pea.open('art.psd', 16, 12, [
  photo,
  new FakeLayer({ raster: createRaster(16, 12, [0, 0, 0, 255]) }),
]);

const frame = document.createElement('iframe');
frame.src = new URLSearchParams(location.search).get('plugin') ?? '';
document.body.append(frame);
pea.self.addEventListener('message', ({ data }) => frame.contentWindow?.postMessage(data, '*'));
addEventListener('message', ({ data, source, origin }) => {
  if (source === frame.contentWindow) pea.window.postMessage(data, origin);
});

Object.assign(globalThis, {
  layers: () => doc.layers.map(({ name, bounds }) => [name, bounds.map(({ value }) => value)]),
  edits: doc.edits,
});
