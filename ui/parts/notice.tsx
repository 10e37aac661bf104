/** Sentences that a person should see, with a way out where there is one. */

import { IconCircleInfo16, IconWarning16 } from '@create-figma-plugin/ui';
import type { ComponentChildren, JSX } from 'preact';
import type { EnlargerError } from '../../core/errors.js';

export type NoticeKind = 'info' | 'warning' | 'error';

/** A coloured box: what it says, and buttons beneath. Errors are announced. */
export function Notice(props: {
  readonly kind?: NoticeKind;
  readonly children: ComponentChildren;
  readonly actions?: ComponentChildren;
}): JSX.Element {
  const { kind = 'info', actions } = props;
  return (
    <div class={`notice ${kind}`} role={kind === 'error' ? 'alert' : undefined}>
      <span class="notice-icon" aria-hidden="true">
        {kind === 'info' ? <IconCircleInfo16 /> : <IconWarning16 />}
      </span>
      <div class="grow selectable">
        {props.children}
        {actions ? <div class="actions">{actions}</div> : null}
      </div>
    </div>
  );
}

/** An error: its sentence, what to do about it, and buttons that do it. */
export function ErrorNotice(props: {
  readonly error: EnlargerError;
  readonly actions?: ComponentChildren;
}): JSX.Element {
  return (
    <Notice kind="error" actions={props.actions}>
      <p>
        {props.error.message} {props.error.hint}
      </p>
    </Notice>
  );
}
