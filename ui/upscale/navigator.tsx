/** The whole picture in small, with a frame around the part in the preview: dragged, or moved with the arrow keys. */

import type { JSX } from 'preact';
import { useId, useRef } from 'preact/hooks';
import type { Crop, PreviewSource } from '../state/preview-state.js';

export interface Point {
  readonly x: number;
  readonly y: number;
}

const KEYS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

const clamp01 = (value: number) => Math.min(1, Math.max(0, value));

export function Navigator(props: {
  readonly source: PreviewSource;
  readonly crop: Crop;
  /** A new centre, 0..1 of the picture. */
  readonly onMove: (centre: Point) => void;
}): JSX.Element {
  const frame = useRef<HTMLDivElement>(null);
  const helpId = useId();
  const { source, crop, onMove } = props;
  const { width, height } = source.picture;

  function moveTo(event: JSX.TargetedPointerEvent<HTMLDivElement>): void {
    const box = frame.current!.getBoundingClientRect();
    onMove({
      x: clamp01((event.clientX - box.left) / box.width),
      y: clamp01((event.clientY - box.top) / box.height),
    });
  }

  function step(event: JSX.TargetedKeyboardEvent<HTMLDivElement>): void {
    const way = KEYS[event.key];
    if (!way) return;
    event.preventDefault();
    // Half a frame at a time; with Shift a small step.
    const share = event.shiftKey ? 0.1 : 0.5;
    onMove({
      x: clamp01((crop.x + crop.width * (0.5 + way[0] * share)) / width),
      y: clamp01((crop.y + crop.height * (0.5 + way[1] * share)) / height),
    });
  }

  const percent = (part: number, whole: number) => `${(part / whole) * 100}%`;
  return (
    <>
      <div
        ref={frame}
        class="navigator"
        role="application"
        aria-label={`Part in the preview, at ${crop.x}, ${crop.y}`}
        aria-describedby={helpId}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: no role of ARIA moves in two directions; this one passes arrow keys on.
        tabIndex={0}
        style={{ aspectRatio: `${width} / ${height}` }}
        onKeyDown={step}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          moveTo(event);
        }}
        onPointerMove={(event) => {
          if (event.currentTarget.hasPointerCapture(event.pointerId)) moveTo(event);
        }}
      >
        <img src={source.url} alt="" draggable={false} />
        <span
          class="frame"
          style={{
            left: percent(crop.x, width),
            top: percent(crop.y, height),
            width: percent(crop.width, width),
            height: percent(crop.height, height),
          }}
        />
      </div>
      <span class="visually-hidden" id={helpId}>
        Move with the arrow keys; with Shift in small steps.
      </span>
    </>
  );
}
