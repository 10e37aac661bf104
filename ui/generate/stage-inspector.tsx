/**
 * The picture after every stage of the cascade, as it is made. All stages are shown at the same size and place, so that
 * one can go back and forth between them and see where something went wrong.
 */

import type { JSX } from 'preact';
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Choices } from '../parts/fields.js';
import type { StageView } from '../state/placing-state.js';
import { sizeText } from '../state/words.js';
import { useGenerate } from './use-generate.js';

/** How many times larger than its frame the picture is shown. */
const ZOOMS = ['1', '2', '4', '8'] as const;
type Zoom = (typeof ZOOMS)[number];

export function StageInspector(): JSX.Element | null {
  const { placing } = useGenerate();
  const id = useId();
  const [zoom, setZoom] = useState<Zoom>('1');
  const { stages, chosenStage, shownStage, phase } = placing;
  const shown = shownStage.value;
  const running = phase.value.kind === 'running';
  if (!shown) return null;
  return (
    <section class="section" aria-labelledby={id}>
      <div class="section-head">
        <h2 id={id}>Stages</h2>
        <span class="quiet numbers">{sizeText(shown)} px</span>
      </div>
      <StagePicture stage={shown} zoom={Number(zoom)} />
      <div class="stages" role="radiogroup" aria-labelledby={id} aria-busy={running}>
        {stages.value.map((stage, index) => (
          <label key={stage.url} class="stage">
            <input
              type="radio"
              name="stage"
              aria-label={`${index === 0 ? 'As it came in' : `After stage ${index}`}, ${sizeText(stage)}`}
              checked={stage === shown}
              // Also when it is checked already: whoever clicks the newest wants to stay with it.
              onClick={() => {
                chosenStage.value = index;
              }}
              onChange={() => {
                chosenStage.value = index;
              }}
            />
            <img src={stage.url} alt="" draggable={false} />
            <span class="numbers">{Math.max(stage.width, stage.height)}</span>
          </label>
        ))}
        {running && phase.value.kind === 'running' && phase.value.step === 'enlarging' ? (
          <span class="stage pending" aria-hidden="true">
            <span class="thumb" />
            <span>…</span>
          </span>
        ) : null}
      </div>
      <Choices<Zoom>
        label="Zoom"
        options={ZOOMS.map((value) => ({ value, label: value === '1' ? 'Whole' : `${value}×` }))}
        value={zoom}
        onChange={setZoom}
      />
    </section>
  );
}

/** Scrolls when it is larger than its frame; the middle of what is seen stays where it is. */
function StagePicture(props: { readonly stage: StageView; readonly zoom: number }): JSX.Element {
  const { stage, zoom } = props;
  const frame = useRef<HTMLElement>(null);
  const before = useRef(zoom);
  useLayoutEffect(() => {
    const box = frame.current;
    if (!box || before.current === zoom) return;
    const factor = zoom / before.current;
    before.current = zoom;
    const { clientWidth, clientHeight } = box;
    box.scrollLeft = (box.scrollLeft + clientWidth / 2) * factor - clientWidth / 2;
    box.scrollTop = (box.scrollTop + clientHeight / 2) * factor - clientHeight / 2;
  }, [zoom]);
  return (
    <section
      ref={frame}
      class="stage-frame"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys scroll what has the focus.
      tabIndex={0}
      aria-label="Picture of the stage"
    >
      <img
        src={stage.url}
        alt={`What the stage made, ${sizeText(stage)} pixels`}
        draggable={false}
        style={{ width: `${zoom * 100}%`, aspectRatio: `${stage.width} / ${stage.height}` }}
      />
    </section>
  );
}
