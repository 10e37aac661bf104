/** A host's store in memory that several libraries may share, and that can be made to misbehave. */

import type { HostStore } from '../../../plugin/host.js';
import { PRESET_FORMAT } from '../../../plugin/presets/limits.js';
import type { Preset } from '../../../plugin/presets/preset.js';

export class FakeStore implements HostStore {
  readonly values = new Map<string, string>();
  readonly maxValueBytes: number;
  /** Called before each call; throws to make it fail. */
  before: (call: 'keys' | 'get' | 'set', key: string) => void | Promise<void> = () => undefined;

  constructor(maxValueBytes = 1000) {
    this.maxValueBytes = maxValueBytes;
  }

  async keys(): Promise<readonly string[]> {
    await this.before('keys', '');
    return [...this.values.keys()];
  }

  async get(key: string): Promise<string | null> {
    await this.before('get', key);
    return this.values.get(key) ?? null;
  }

  async set(key: string, value: string): Promise<void> {
    await this.before('set', key);
    if (new TextEncoder().encode(value).length > this.maxValueBytes) throw new Error('value too long');
    if (value === '') this.values.delete(key);
    else this.values.set(key, value);
  }

  /** Makes every call fail, or those of one kind. */
  fail(...calls: readonly ('keys' | 'get' | 'set')[]): void {
    this.before = (call) => {
      if (calls.length === 0 || calls.includes(call)) throw new Error('disk on fire');
    };
  }

  heal(): void {
    this.before = () => undefined;
  }

  keysOf(id: string): string[] {
    return [...this.values.keys()].filter((key) => key.startsWith(`preset.${id}`));
  }
}

/** A good preset. */
export function samplePreset(changes: Partial<Preset> = {}): Preset {
  return {
    format: PRESET_FORMAT,
    id: 'soft-photos',
    name: 'Soft photos',
    author: 'Ana',
    target: { scale: 4 },
    detail: 0.3,
    seedPolicy: { kind: 'random' },
    pack: 'enlarger-1',
    changed: '2026-03-01T12:00:00.000Z',
    ...changes,
  };
}

/** A clock that goes on by a second whenever it is looked at, and chance that is none. */
export function testChance(start = Date.UTC(2026, 2, 1)) {
  let nowMs = start;
  let state = 1;
  return {
    now: () => (nowMs += 1000),
    random: () => (state = (state * 48271) % 2147483647) / 2147483647,
    /** Lets time pass. */
    wait: (milliseconds: number) => void (nowMs += milliseconds),
  };
}
