/** Labelled controls: a choice of few, a list to choose from, a slider. */

import { SegmentedControl } from '@create-figma-plugin/ui';
import type { ComponentChildren, JSX } from 'preact';
import { useId } from 'preact/hooks';

export interface Option<Value extends string> {
  readonly value: Value;
  readonly label: string;
}

/** A heading line over a control, with something at its right. */
export function FieldHead(props: {
  readonly id?: string;
  readonly htmlFor?: string;
  readonly label: string;
  readonly children?: ComponentChildren;
}): JSX.Element {
  const { id, htmlFor, label } = props;
  return (
    <div class="field-head">
      {htmlFor ? (
        <label id={id} for={htmlFor}>
          {label}
        </label>
      ) : (
        <span id={id}>{label}</span>
      )}
      {props.children}
    </div>
  );
}

/** One of a few, side by side. */
export function Choices<Value extends string>(props: {
  readonly label: string;
  readonly options: readonly Option<Value>[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}): JSX.Element {
  const id = useId();
  return (
    <div class="field">
      <FieldHead id={id} label={props.label} />
      <div class="choices" role="radiogroup" aria-labelledby={id}>
        <SegmentedControl
          // Its types know no name, but it needs one for the arrow keys to work.
          {...{ name: id }}
          options={props.options.map(({ value, label }) => ({ value, children: label }))}
          value={props.value}
          onValueChange={(value: string) => props.onChange(value as Value)}
        />
      </div>
    </div>
  );
}

/** One of several, in the browser's own list: keyboards and screen readers know it. */
export function Select<Value extends string>(props: {
  readonly label: string;
  readonly options: readonly Option<Value>[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}): JSX.Element {
  return (
    <select
      class="select"
      aria-label={props.label}
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value as Value)}
    >
      {props.options.map(({ value, label }) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </select>
  );
}

/** A slider between two words, from 0 to 1 unless told otherwise. */
export function Slider(props: {
  readonly label: string;
  readonly value: number;
  readonly valueText: string;
  readonly ends: readonly [string, string];
  readonly range?: { readonly min: number; readonly max: number; readonly step: number };
  readonly onChange: (value: number) => void;
  /** At the right of the label, beside the value. */
  readonly children?: ComponentChildren;
}): JSX.Element {
  const id = useId();
  const { min, max, step } = props.range ?? { min: 0, max: 1, step: 0.05 };
  return (
    <div class="field">
      <FieldHead label={props.label} htmlFor={id}>
        <span class="row">
          {props.children}
          <output class="numbers" for={id}>
            {props.valueText}
          </output>
        </span>
      </FieldHead>
      <input
        id={id}
        class="slider"
        type="range"
        min={min}
        max={max}
        step={step}
        value={props.value}
        aria-valuetext={props.valueText}
        style={`--share: ${((props.value - min) / (max - min)) * 100}%`}
        onInput={(event) => props.onChange(Number(event.currentTarget.value))}
      />
      <div class="slider-ends" aria-hidden="true">
        <span>{props.ends[0]}</span>
        <span>{props.ends[1]}</span>
      </div>
    </div>
  );
}
