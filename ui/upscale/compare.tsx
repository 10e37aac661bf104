/**
 * Before and after, one over the other, with a border that is dragged or moved with the arrow keys. Shown pixel for
 * pixel: the panel scales the original up as any viewer would, and the engine's part lies over it.
 */

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Crop, PreviewResult, PreviewSource } from '../state/preview-state.js';

export function Compare(props: {
  readonly source: PreviewSource;
  readonly crop: Crop;
  /** Null while it is being made. */
  readonly after: PreviewResult | null;
  readonly busy: boolean;
  /** Size on the screen in CSS pixels. */
  readonly width: number;
  readonly height: number;
}): JSX.Element {
  const [split, setSplit] = useState(50);
  const { source, crop, after, width, height } = props;
  const { picture } = source;
  return (
    <div class="compare" aria-busy={props.busy} style={{ width, height }}>
      <svg
        class="before"
        viewBox={`${crop.x} ${crop.y} ${crop.width} ${crop.height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label="The picture as it is"
      >
        <image href={source.url} width={picture.width} height={picture.height} preserveAspectRatio="none" />
      </svg>
      {after ? (
        <>
          <img
            class="after"
            src={after.url}
            alt="The same part, enlarged"
            draggable={false}
            style={{ clipPath: `inset(0 0 0 ${split}%)` }}
          />
          <span class="split" style={{ left: `${split}%` }} aria-hidden="true">
            <span class="grip" />
          </span>
          <span class="tag left" aria-hidden="true" style={{ opacity: split > 24 ? 1 : 0 }}>
            Before
          </span>
          <span class="tag right" aria-hidden="true" style={{ opacity: split < 76 ? 1 : 0 }}>
            After
          </span>
          <input
            type="range"
            class="split-input"
            aria-label="Compare before and after"
            aria-valuetext={`before ${split} %, after ${100 - split} %`}
            min="0"
            max="100"
            value={split}
            onInput={(event) => setSplit(Number(event.currentTarget.value))}
          />
        </>
      ) : null}
      {props.busy ? <span class="tag busy">{after ? 'Updating…' : 'Making a preview…'}</span> : null}
    </div>
  );
}
