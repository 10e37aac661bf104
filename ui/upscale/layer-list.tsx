/** What is selected: one row a layer, with a thumbnail, its size and the size it would get. */

import { IconLayerImage16 } from '@create-figma-plugin/ui';
import type { JSX } from 'preact';
import { usePanel } from '../context.js';
import type { PlannedLayer } from '../state/plan.js';
import { countText, sizeText } from '../state/words.js';

/** The list. A row shows its picture in the preview when it is pressed; a single one needs no pressing. */
export function LayerList(): JSX.Element {
  const { plan, chosen, previewed } = usePanel();
  const { layers } = plan.value;
  const choosable = layers.filter(canPreview).length > 1;
  return (
    <ul class="layers" aria-label="Selected layers">
      {layers.map((layer) => {
        const [first] = layer.pictures;
        if (!choosable || !canPreview(layer))
          return (
            <li key={layer.id} class="layer">
              <LayerText layer={layer} />
            </li>
          );
        const shown = layer.pictures.some(({ picture }) => picture.ref === previewed.value?.ref);
        return (
          <li key={layer.id}>
            <button
              type="button"
              class="layer"
              aria-pressed={shown}
              onClick={() => {
                chosen.value = first.picture.ref;
              }}
            >
              <span class="visually-hidden">Preview </span>
              <LayerText layer={layer} />
            </button>
          </li>
        );
      })}
    </ul>
  );
}

const canPreview = ({ skip, pictures }: PlannedLayer) => !skip && pictures.some(({ result }) => result);

function LayerText({ layer }: { readonly layer: PlannedLayer }): JSX.Element {
  return (
    <>
      <Thumbnail pictureKey={layer.pictures[0]?.picture.key ?? null} />
      <span class="layer-text">
        <span class="ellipsis" title={layer.name}>
          {layer.name}
        </span>
        <span class={`numbers ${layerProblem(layer) ? '' : 'ellipsis'} quiet`}>{layerText(layer)}</span>
      </span>
    </>
  );
}

/** The picture in small, or a tile in its place. Decoration: the row says what it is. */
export function Thumbnail({ pictureKey }: { readonly pictureKey: string | null }): JSX.Element {
  const { selection } = usePanel();
  const url = pictureKey === null ? undefined : selection.thumbnails.value.get(pictureKey);
  return (
    <span class="thumbnail" aria-hidden="true">
      {url ? <img src={url} alt="" draggable={false} /> : <IconLayerImage16 />}
    </span>
  );
}

function layerProblem({ skip, pictures }: PlannedLayer): string {
  if (skip) return `Will be skipped: ${skip}`;
  const [first] = pictures;
  return first && !first.result ? first.problem : '';
}

function layerText(layer: PlannedLayer): string {
  const problem = layerProblem(layer);
  if (problem) return problem;
  const [first, ...others] = layer.pictures;
  if (!first?.result) return 'There is no picture in it';
  const more = others.length > 0 ? `, ${countText(others.length, 'more picture')}` : '';
  return `${sizeText(first.picture)} → ${sizeText(first.result)}${more}`;
}
