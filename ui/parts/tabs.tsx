/** The panel's tabs, by the pattern of the ARIA authoring practices: arrow keys move, the panel follows. */

import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';

export interface Tab<Name extends string> {
  readonly name: Name;
  readonly label: string;
}

/** Ids by which tab and panel name each other. */
export const tabId = (name: string): string => `tab-${name}`;
export const tabPanelId = (name: string): string => `panel-${name}`;

/** A row of tabs; the one named `value` is shown. */
export function Tabs<Name extends string>(props: {
  readonly label: string;
  readonly tabs: readonly Tab<Name>[];
  readonly value: Name;
  readonly onChange: (name: Name) => void;
}): JSX.Element {
  const list = useRef<HTMLDivElement>(null);
  const { tabs, value, onChange } = props;

  function move(event: JSX.TargetedKeyboardEvent<HTMLDivElement>): void {
    const at = tabs.findIndex(({ name }) => name === value);
    const to: Record<string, number> = {
      ArrowRight: (at + 1) % tabs.length,
      ArrowLeft: (at + tabs.length - 1) % tabs.length,
      Home: 0,
      End: tabs.length - 1,
    };
    const next = to[event.key];
    if (next === undefined) return;
    event.preventDefault();
    onChange(tabs[next].name);
    list.current?.querySelectorAll<HTMLElement>('[role=tab]')[next]?.focus();
  }

  return (
    <div class="tabs" role="tablist" aria-label={props.label} ref={list} onKeyDown={move}>
      {tabs.map(({ name, label }) => (
        <button
          key={name}
          type="button"
          class="tab"
          role="tab"
          id={tabId(name)}
          aria-selected={name === value}
          aria-controls={name === value ? tabPanelId(name) : undefined}
          tabIndex={name === value ? 0 : -1}
          onClick={() => onChange(name)}
        >
          {label}
        </button>
      ))}
    </div>
  );
}
