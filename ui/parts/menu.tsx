/** A button that opens a list of commands, by the pattern of the ARIA authoring practices. */

import { IconButton, IconEllipsis32 } from '@create-figma-plugin/ui';
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

export interface MenuItem {
  readonly label: string;
  readonly onChoose: () => void;
  readonly danger?: boolean;
}

const MARGIN_PX = 8;

/** The menu is placed under its button, or above where there is no room. */
export function Menu(props: {
  /** Of the button: what the commands are for. */
  readonly label: string;
  readonly items: readonly MenuItem[];
  /** Default: three dots. */
  readonly icon?: ComponentChildren;
}): JSX.Element {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLSpanElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const button = () => root.current?.querySelector<HTMLElement>('button');
  const entries = () => [...(list.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];

  useLayoutEffect(() => {
    const menu = list.current;
    const around = button()?.getBoundingClientRect();
    if (!open || !menu || !around) return;
    const { offsetHeight, offsetWidth } = menu;
    const below = around.bottom + 4;
    const top = below + offsetHeight + MARGIN_PX > innerHeight ? around.top - 4 - offsetHeight : below;
    menu.style.top = `${Math.max(MARGIN_PX, top)}px`;
    menu.style.left = `${Math.max(MARGIN_PX, Math.min(around.right - offsetWidth, innerWidth - MARGIN_PX))}px`;
    entries()[0]?.focus();
  }, [open]);

  useEffect(() => {
    if (!open) return;
    const outside = (event: Event) => {
      if (!(event.target instanceof Node && root.current?.contains(event.target))) setOpen(false);
    };
    addEventListener('pointerdown', outside);
    addEventListener('scroll', outside, true);
    addEventListener('resize', outside);
    return () => {
      removeEventListener('pointerdown', outside);
      removeEventListener('scroll', outside, true);
      removeEventListener('resize', outside);
    };
  }, [open]);

  function close(): void {
    setOpen(false);
    button()?.focus();
  }

  function onKeyDown(event: JSX.TargetedKeyboardEvent<HTMLDivElement>): void {
    const all = entries();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const to: Record<string, number> = {
      ArrowDown: (at + 1) % all.length,
      ArrowUp: (at + all.length - 1) % all.length,
      Home: 0,
      End: all.length - 1,
    };
    if (event.key in to) {
      event.preventDefault();
      all[to[event.key]]?.focus();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === 'Tab') setOpen(false);
  }

  return (
    <span ref={root} class="menu-root">
      <IconButton
        aria-label={props.label}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {props.icon ?? <IconEllipsis32 />}
      </IconButton>
      {open ? (
        <div ref={list} class="menu" role="menu" aria-label={props.label} tabIndex={-1} onKeyDown={onKeyDown}>
          {props.items.map(({ label, onChoose, danger }) => (
            <button
              key={label}
              type="button"
              role="menuitem"
              tabIndex={-1}
              class={danger ? 'danger' : undefined}
              onClick={() => {
                close();
                onChoose();
              }}
            >
              {label}
            </button>
          ))}
        </div>
      ) : null}
    </span>
  );
}
