/** What the tests of results that become new layers share: a document in the VM, one picture enlarged, layers looked up. */

import type { Paint } from '@figma/plugin-typings/plugin-api-standalone.js';
import type { EnlargedPicture, WriteOptions } from '../../../../plugin/host.js';
import type { DocumentSpec, LayerSpec } from './fake/entry.js';
import type { Layer } from './fake/tree.js';
import { whole } from './pieces-of.js';
import { FigmaVm } from './vm.js';

const open: FigmaVm[] = [];
/** Closes what `start` opened. */
export function closeAll(): void {
  for (const figma of open.splice(0)) figma.close();
}

export async function start(
  layers: readonly LayerSpec[],
  more: Partial<DocumentSpec> = {},
  generator = true,
) {
  const started = await FigmaVm.start(
    { layers, images: [{ hash: 'aa', width: 1000, height: 500 }], ...more },
    { generator },
  );
  open.push(started.figma);
  return started;
}

const OPTIONS: WriteOptions = { placement: 'replace', job: 'job', scale: 2 };
export const RED: Paint = { type: 'SOLID', color: { r: 1, g: 0, b: 0 } };

/** Enlarges the first picture of the selection as one job. */
export async function enlarge(
  { host }: Awaited<ReturnType<typeof start>>,
  picture: EnlargedPicture = whole(200, 100),
) {
  const ref = (await host.selection()).layers[0]?.pictures[0]?.ref as string;
  const report = await host.write(ref, picture, OPTIONS);
  await host.finishJob('job');
  return report;
}

/** The children of a layer, as records. */
export const childrenOf = (figma: FigmaVm, id: string) =>
  figma.ask<Layer[]>(`fake.nodes.layers.get('${id}').children.map((child) => fake.tree(child))`);

/** The box on the page of the layer that was made last in a parent. */
export const boxOf = (figma: FigmaVm, id: string) =>
  figma.ask<object>(`(() => {
    const node = fake.nodes.view(fake.nodes.layers.get('${id}'));
    return node.absoluteBoundingBox;
  })()`);
