import type { Preset } from '../../../plugin/presets/preset.js';
import { createSettings } from '../../../ui/state/settings.js';

const PRESET: Preset = {
  format: '1.0',
  id: 'print',
  name: 'Print',
  author: '',
  target: { longSide: 4096 },
  detail: 0.2,
  steps: 3,
  seedPolicy: { kind: 'fixed', seed: 7 },
  pack: 'enlarger-1',
  changed: '2026-01-01T00:00:00.000Z',
};

describe('settings', () => {
  it('begin at four times with the choice of detail left to the pack', () => {
    const settings = createSettings();
    expect(settings.toJob()).toEqual({
      target: { scale: 4 },
      seed: settings.seed.value,
      placement: 'replace',
      beyondLimit: 'clamp',
    });
    expect(settings.untouched()).toBe(true);
  });

  it.each([
    ['scale', '2,5', { scale: 2.5 }],
    ['scale', '17', null],
    ['scale', '0.5', null],
    ['width', ' 1000 ', { width: 1000 }],
    ['height', '10.5', null],
    ['longSide', '', null],
    ['shortSide', '65536', { shortSide: 65536 }],
    ['shortSide', '65537', null],
    ['width', '1e3', { width: 1000 }],
    ['width', 'wide', null],
  ] as const)('read a typed %s of "%s"', (unit, text, target) => {
    const settings = createSettings();
    settings.custom.value = true;
    settings.unit.value = unit;
    settings.customText.value = text;
    expect(settings.problem.value === '').toBe(target !== null);
    if (target) expect(settings.target.value).toEqual(target);
  });

  it('keep the last size while a half-typed one is none', () => {
    const settings = createSettings();
    settings.custom.value = true;
    settings.customText.value = '3000';
    expect(settings.target.value).toEqual({ longSide: 3000 });
    settings.customText.value = '';
    expect(settings.target.value).toEqual({ longSide: 3000 });
  });

  it('take over a preset and tell when they differ from it', () => {
    const settings = createSettings();
    settings.apply(PRESET);
    expect(settings.toJob()).toMatchObject({ target: { longSide: 4096 }, detail: 0.2, steps: 3, seed: 7 });
    expect(settings.seedPolicy()).toEqual({ kind: 'fixed', seed: 7 });
    expect(settings.changed.value).toBe(false);
    settings.seedLocked.value = false;
    expect(settings.changed.value).toBe(true);
    settings.seedLocked.value = true;
    settings.custom.value = false;
    expect(settings.changed.value).toBe(true);
  });

  it('are not misled by what a later version wrote beside the size of a preset', () => {
    const settings = createSettings();
    settings.apply({ ...PRESET, target: { future: 1, scale: 8 } as unknown as Preset['target'] });
    expect(settings.target.value).toEqual({ scale: 8 });
    expect(settings.custom.value).toBe(false);
    expect(settings.changed.value).toBe(false);
  });
});
