/** The one line in which the editor says something; the latest sentence wins and goes after a while. */

import { signal } from '@preact/signals';

export interface Shown {
  readonly text: string;
  readonly kind: 'info' | 'error';
}

const SHOWN_MS = 6000;

export class Message {
  readonly shown = signal<Shown | null>(null);
  private timer: ReturnType<typeof setTimeout> | undefined;

  show(text: string, kind: Shown['kind'] = 'info'): void {
    clearTimeout(this.timer);
    this.shown.value = { text, kind };
    this.timer = setTimeout(() => {
      this.shown.value = null;
    }, SHOWN_MS);
  }
}
