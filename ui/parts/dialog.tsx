/** A question in front of everything else. The browser's own dialog: it keeps the focus in and gives it back. */

import { Button } from '@create-figma-plugin/ui';
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

/** Open for as long as it is shown. Escape is "no"; Enter in a field is "yes". */
export function Dialog(props: {
  readonly title: string;
  readonly yes: string;
  readonly no: string;
  readonly onYes: () => void;
  readonly onNo: () => void;
  readonly children: ComponentChildren;
}): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        props.onNo();
      }}
      onKeyDown={(event) => {
        const { target } = event;
        if (event.key === 'Enter' && target instanceof HTMLInputElement && target.type === 'text')
          props.onYes();
      }}
    >
      <h2 id={titleId}>{props.title}</h2>
      {props.children}
      <div class="buttons">
        <Button secondary onClick={props.onNo}>
          {props.no}
        </Button>
        <Button onClick={props.onYes}>{props.yes}</Button>
      </div>
    </dialog>
  );
}
