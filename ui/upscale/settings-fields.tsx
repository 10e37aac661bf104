/** The settings of the next job. A control that would change nothing here is not shown. */

import { Button, Textbox } from '@create-figma-plugin/ui';
import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import type { Placement } from '../../plugin/host.js';
import { usePanel } from '../context.js';
import { Choices, Select, Slider } from '../parts/fields.js';
import { Notice } from '../parts/notice.js';
import { SeedInput } from '../parts/seed-input.js';
import { FACTORS, SIZE_UNITS, type SizeUnit } from '../state/settings.js';
import { countText, percentText } from '../state/words.js';

const CUSTOM = 'custom';

const PLACEMENTS: Readonly<Record<Placement, string>> = {
  replace: 'Replace picture',
  layer: 'New layer',
  'smart-object': 'Smart object',
};

/** Factor or target size. */
export function SizeField(): JSX.Element {
  const { settings } = usePanel();
  const problemId = useId();
  const { custom, scale, unit, customText, problem } = settings;
  const options = [
    ...FACTORS.map((factor) => ({ value: String(factor), label: `${factor}×` })),
    { value: CUSTOM, label: 'Custom' },
  ];
  return (
    <div class="field">
      <Choices
        label="Size"
        options={options}
        value={custom.value ? CUSTOM : String(scale.value)}
        onChange={(value) => {
          custom.value = value === CUSTOM;
          if (value !== CUSTOM) scale.value = Number(value);
        }}
      />
      {custom.value ? (
        <>
          <div class="row custom-size">
            <Select<SizeUnit>
              label="What the size means"
              options={SIZE_UNITS.map((each) => ({ value: each.unit, label: each.label }))}
              value={unit.value}
              onChange={(value) => {
                // A number of pixels is no factor, and the other way round.
                if ((value === 'scale') !== (unit.value === 'scale'))
                  customText.value = value === 'scale' ? '3' : '2048';
                unit.value = value;
              }}
            />
            <div class="input-unit grow">
              <Textbox
                variant="border"
                inputMode="decimal"
                aria-label={SIZE_UNITS.find((each) => each.unit === unit.value)?.label}
                aria-invalid={problem.value !== ''}
                aria-describedby={problem.value ? problemId : undefined}
                value={customText.value}
                onValueInput={(text: string) => {
                  customText.value = text;
                }}
              />
              <span class="unit" aria-hidden="true">
                {unit.value === 'scale' ? '×' : 'px'}
              </span>
            </div>
          </div>
          {problem.value ? (
            <p class="field-problem" id={problemId}>
              {problem.value}
            </p>
          ) : null}
        </>
      ) : null}
    </div>
  );
}

/** From only what the picture implies to the most texture. */
export function DetailField(): JSX.Element {
  const { settings, detail, defaultDetail } = usePanel();
  const changed = Math.abs(detail.value - defaultDetail.value) > 1e-6;
  return (
    <Slider
      label="Detail"
      value={detail.value}
      valueText={detail.value === 0 ? 'faithful' : percentText(detail.value)}
      ends={['Faithful', 'Detailed']}
      onChange={(value) => {
        settings.detail.value = value;
      }}
    >
      {changed ? (
        <button
          type="button"
          class="link"
          onClick={() => {
            settings.detail.value = null;
          }}
        >
          Reset
        </button>
      ) : null}
    </Slider>
  );
}

/** Which texture. Without detail there is none to choose. */
export function SeedField(): JSX.Element | null {
  const { settings, detail } = usePanel();
  if (detail.value === 0) return null;
  return (
    <SeedInput
      seed={settings.seed}
      locked={settings.seedLocked}
      notes={{ locked: 'stays for the next job', unlocked: 'new one for each job' }}
      onShuffle={settings.shuffle}
    />
  );
}

/** How the result is put, where the editor has several ways. */
export function PlacementField(): JSX.Element | null {
  const { settings, info } = usePanel();
  const { placements } = info.abilities;
  if (placements.length < 2) return null;
  return (
    <Choices<Placement>
      label="Result"
      options={placements.map((value) => ({ value, label: PLACEMENTS[value] }))}
      value={settings.placement.value}
      onChange={(value) => {
        settings.placement.value = value;
      }}
    />
  );
}

/** What to do beyond the largest picture the editor stores; only there when it matters. */
export function LimitField(): JSX.Element | null {
  const { settings, info, plan } = usePanel();
  const count = plan.value.beyondLimit;
  if (count === 0 || info.maxSidePx === null) return null;
  const says = `${countText(count, 'result')} would be larger than ${info.maxSidePx} pixels, the most ${info.title} stores in one picture.`;
  if (!info.abilities.pieces)
    return (
      <Notice>
        <p>
          {says} It is made {info.maxSidePx} pixels long instead.
        </p>
      </Notice>
    );
  return (
    <>
      <Notice>
        <p>{says}</p>
      </Notice>
      <Choices
        label="Beyond the limit"
        options={[
          { value: 'clamp', label: `Reduce to ${info.maxSidePx} px` },
          { value: 'pieces', label: 'Cut into pieces' },
        ]}
        value={settings.beyondLimit.value}
        onChange={(value) => {
          settings.beyondLimit.value = value;
        }}
      />
    </>
  );
}

/** The preset these settings came from, and a way to save them as one. */
export function PresetLine(): JSX.Element {
  const { settings, tab, saving } = usePanel();
  const from = settings.preset.value;
  return (
    <div class="section-head">
      <span class="ellipsis">
        {from ? (
          <>
            <span class="quiet">Preset </span>
            <strong>{from.name}</strong>
            {settings.changed.value ? <span class="quiet"> (changed)</span> : null}
          </>
        ) : (
          <strong>Settings</strong>
        )}
      </span>
      <span class="row">
        <Button
          secondary
          onClick={() => {
            tab.value = 'presets';
            saving.value = true;
          }}
        >
          Save as preset…
        </Button>
      </span>
    </div>
  );
}
