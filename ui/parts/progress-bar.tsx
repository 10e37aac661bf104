/** How far something is, for eyes and for screen readers, which are told whole per cents. */

import type { JSX } from 'preact';

/** @param props.percent 0..100. */
export function ProgressBar(props: { readonly label: string; readonly percent: number }): JSX.Element {
  const { label, percent } = props;
  return (
    <span
      class="bar"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.floor(percent)}
    >
      <span style={{ width: `${percent}%` }} />
    </span>
  );
}
