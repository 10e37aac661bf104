/** What the user has chosen for the next job. Signals that controls bind to; nothing here talks to anybody. */

import { computed, signal } from '@preact/signals';
import { MAX_SCALE, type Target } from '../../core/pipeline/cascade.js';
import type { Placement } from '../../plugin/host.js';
import type { JobSettings } from '../../plugin/jobs/job.js';
import { targetOf } from '../../plugin/presets/draft.js';
import type { Preset, PresetTarget, SeedPolicy } from '../../plugin/presets/preset.js';

/** Factors that have a button of their own. */
export const FACTORS = [2, 4, 8, 16] as const;
export const DEFAULT_SCALE = 4;

/** What the field of a custom size means. */
export type SizeUnit = 'scale' | 'width' | 'height' | 'longSide' | 'shortSide';

export const SIZE_UNITS: readonly { readonly unit: SizeUnit; readonly label: string }[] = [
  { unit: 'scale', label: 'Factor' },
  { unit: 'width', label: 'Width' },
  { unit: 'height', label: 'Height' },
  { unit: 'longSide', label: 'Long side' },
  { unit: 'shortSide', label: 'Short side' },
];

/** Few enough digits to be read out. */
const SEEDS = 1_000_000_000;
/** Longest side that may be typed; what a picture allows is checked picture by picture. */
const MAX_SIDE_PX = 65_536;

/** A seed that has not been used before, most likely. */
export function drawSeed(): number {
  return Math.floor(Math.random() * SEEDS);
}

export type Settings = ReturnType<typeof createSettings>;

/** The settings of one panel, at their defaults. */
export function createSettings() {
  /** Whether the size is typed instead of chosen with a button. */
  const custom = signal(false);
  const scale = signal<number>(DEFAULT_SCALE);
  const unit = signal<SizeUnit>('longSide');
  /** As typed, so that a half-typed number stays on the screen. */
  const customText = signal('2048');
  /** 0 faithful .. 1 most detail; null takes the pack's default. */
  const detail = signal<number | null>(null);
  const steps = signal<number | undefined>(undefined);
  const seed = signal(drawSeed());
  /** A locked seed stays for the next job; an unlocked one is drawn anew after each. */
  const seedLocked = signal(false);
  const placement = signal<Placement>('replace');
  const beyondLimit = signal<'clamp' | 'pieces'>('clamp');
  /** The preset these settings came from; null once there is none. */
  const preset = signal<Preset | null>(null);

  /** Why the typed size is no size; empty when it is one. */
  const problem = computed(() => (custom.value ? problemOf(unit.value, customText.value) : ''));
  /** The last size that was one, for as long as what is typed is none. */
  let lastTarget: Target = { scale: DEFAULT_SCALE };
  const target = computed<Target>(() => {
    if (problem.value) return lastTarget;
    return (lastTarget = custom.value ? typedTarget(unit.value, customText.value) : { scale: scale.value });
  });
  /** Whether something differs from the preset the settings came from. */
  const changed = computed(() => {
    const from = preset.value;
    if (!from) return false;
    const sameSeed =
      from.seedPolicy.kind === 'random'
        ? !seedLocked.value
        : seedLocked.value && from.seedPolicy.seed === seed.value;
    return (
      !sameSeed ||
      from.detail !== detail.value ||
      from.steps !== steps.value ||
      JSON.stringify(targetOf(from.target)) !== JSON.stringify(target.value)
    );
  });

  const setTarget = (wanted: PresetTarget) => {
    if ('scale' in wanted && FACTORS.some((factor) => factor === wanted.scale)) {
      custom.value = false;
      scale.value = wanted.scale;
      return;
    }
    const [name, value] = Object.entries(targetOf(wanted))[0] as [SizeUnit, number];
    custom.value = true;
    unit.value = name;
    customText.value = String(value);
  };

  return {
    custom,
    scale,
    unit,
    customText,
    detail,
    steps,
    seed,
    seedLocked,
    placement,
    beyondLimit,
    preset,
    problem,
    target,
    changed,
    setTarget,

    /** Takes over what a preset says. */
    apply(wanted: Preset): void {
      setTarget(wanted.target);
      detail.value = wanted.detail;
      steps.value = wanted.steps;
      seedLocked.value = wanted.seedPolicy.kind === 'fixed';
      seed.value = wanted.seedPolicy.kind === 'fixed' ? wanted.seedPolicy.seed : drawSeed();
      preset.value = wanted;
    },

    /** Whether nobody has chosen anything yet. */
    untouched(): boolean {
      return (
        !preset.value &&
        !custom.value &&
        scale.value === DEFAULT_SCALE &&
        detail.value === null &&
        !seedLocked.value
      );
    },

    seedPolicy(): SeedPolicy {
      return seedLocked.value ? { kind: 'fixed', seed: seed.value } : { kind: 'random' };
    },

    shuffle(): void {
      seed.value = drawSeed();
    },

    /** Settings for a job that begins now. */
    toJob(): JobSettings {
      return {
        target: target.value,
        ...(detail.value === null ? {} : { detail: detail.value }),
        ...(steps.value === undefined ? {} : { steps: steps.value }),
        seed: seed.value,
        placement: placement.value,
        beyondLimit: beyondLimit.value,
      };
    },
  };
}

function problemOf(unit: SizeUnit, text: string): string {
  const value = Number(text.trim().replace(',', '.'));
  if (unit === 'scale')
    return value >= 1 && value <= MAX_SCALE ? '' : `Type a factor from 1 to ${MAX_SCALE}.`;
  return Number.isInteger(value) && value >= 1 && value <= MAX_SIDE_PX
    ? ''
    : `Type whole pixels from 1 to ${MAX_SIDE_PX}.`;
}

function typedTarget(unit: SizeUnit, text: string): Target {
  return { [unit]: Number(text.trim().replace(',', '.')) } as unknown as Target;
}
