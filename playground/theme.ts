/** Light or dark: as the system has it until somebody chooses. */

import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';

export type ThemeName = 'light' | 'dark';

export interface Theme {
  readonly shown: ReadonlySignal<ThemeName>;
  toggle(): void;
}

/** @param root The element whose `data-theme` the styles look at. */
export function createTheme(root: HTMLElement): Theme {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const preferred = signal<ThemeName>(system.matches ? 'dark' : 'light');
  const chosen = signal<ThemeName | null>(null);
  system.addEventListener('change', ({ matches }) => {
    preferred.value = matches ? 'dark' : 'light';
  });
  const shown = computed(() => chosen.value ?? preferred.value);
  effect(() => {
    root.dataset.theme = shown.value;
  });
  return {
    shown,
    toggle() {
      chosen.value = shown.value === 'dark' ? 'light' : 'dark';
    },
  };
}
