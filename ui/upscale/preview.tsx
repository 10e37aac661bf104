/** A part of the picture before and after, and the picture in small to choose the part on. */

import { Button } from '@create-figma-plugin/ui';
import { useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { usePanel } from '../context.js';
import { ErrorNotice } from '../parts/notice.js';
import { cropAround } from '../state/preview-state.js';
import { sizeText } from '../state/words.js';
import { Compare } from './compare.js';
import { Navigator } from './navigator.js';

/** Screens with more than two pixels a CSS pixel would ask for four times the work and show no more. */
const MAX_PIXEL_RATIO = 2;
const VIEW_HEIGHT_PX = 168;

export function Preview(): JSX.Element | null {
  const { preview, previewed, plan, engine } = usePanel();
  const box = useRef<HTMLDivElement>(null);
  const [viewWidth, setViewWidth] = useState(0);
  useEffect(() => {
    if (!box.current) return;
    const watch = new ResizeObserver(([entry]) => setViewWidth(Math.floor(entry.contentRect.width)));
    watch.observe(box.current);
    return () => watch.disconnect();
  }, []);

  const ratio = Math.min(MAX_PIXEL_RATIO, globalThis.devicePixelRatio || 1);
  const source = preview.source.value;
  const planned = plan.value.layers
    .flatMap(({ pictures }) => pictures)
    .find(({ picture }) => picture.ref === source?.picture.ref);
  const scale = planned?.result ? planned.result.width / planned.picture.width : null;
  const crop =
    source && scale && viewWidth > 0
      ? cropAround(
          source.picture,
          preview.centre.value,
          { width: viewWidth * ratio, height: VIEW_HEIGHT_PX * ratio },
          scale,
        )
      : null;
  const cropKey = crop ? `${source?.picture.key} ${Object.values(crop).join(' ')}` : '';
  useRequests(cropKey, crop);

  if (!previewed.value) return null;
  const after = preview.result.value;
  const fits =
    after && crop && after.key === source?.picture.key && JSON.stringify(after.crop) === JSON.stringify(crop);
  const error = preview.error.value;
  return (
    <div class="preview">
      <div class="view" ref={box} style={{ height: VIEW_HEIGHT_PX }}>
        {source && crop && scale ? (
          <Compare
            source={source}
            crop={crop}
            after={fits ? after : null}
            busy={preview.busy.value || (engine.status.value.kind === 'starting' && !fits)}
            width={Math.min(viewWidth, (crop.width * scale) / ratio)}
            height={Math.min(VIEW_HEIGHT_PX, (crop.height * scale) / ratio)}
          />
        ) : null}
      </div>
      {source && crop ? (
        <div class="beside">
          <Navigator
            source={source}
            crop={crop}
            onMove={(centre) => {
              preview.centre.value = centre;
            }}
          />
          <p class="quiet numbers">{sizeText(crop)} px</p>
        </div>
      ) : null}
      {error ? (
        <div class="wide">
          <ErrorNotice
            error={error}
            actions={
              <Button secondary onClick={() => void preview.reload()}>
                Try the preview again
              </Button>
            }
          />
        </div>
      ) : null}
    </div>
  );
}

/** Asks for the part again whenever it or a setting that shows in it changes. */
function useRequests(cropKey: string, crop: ReturnType<typeof cropAround> | null): void {
  const { preview, settings, engine, info } = usePanel();
  const asked = useRef(crop);
  asked.current = crop;
  const ask = () => {
    // Signals first: whatever is read here asks again when it changes.
    const { target, detail, steps, seed, beyondLimit } = settings.toJob();
    if (engine.status.value.kind !== 'ready' || !asked.current) return;
    preview.request(asked.current, {
      target,
      ...(detail === undefined ? {} : { detail }),
      ...(steps === undefined ? {} : { steps }),
      seed,
      beyondLimit,
      maxSidePx: info.maxSidePx,
    });
  };
  useEffect(ask, [cropKey]);
  useSignalEffect(ask);
}
