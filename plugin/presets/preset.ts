/** What a preset is. Its schema and every check stand in schema.ts; this file is the type that others import. */

/** `fixed` uses `seed`; `random` draws one per job and shows it. */
export type SeedPolicy = { readonly kind: 'fixed'; readonly seed: number } | { readonly kind: 'random' };

export type PresetTarget =
  | { readonly scale: number }
  | { readonly width: number }
  | { readonly height: number }
  | { readonly longSide: number }
  | { readonly shortSide: number };

export interface Preset {
  /** Version of the format, `major.minor`. */
  readonly format: string;
  /** Never changes, also when the preset is renamed: [a-z0-9-], at most 64 characters. */
  readonly id: string;
  readonly name: string;
  readonly author: string;
  readonly target: PresetTarget;
  readonly detail: number;
  /** Evaluations of the velocity network; absent takes the pack's choice. */
  readonly steps?: number;
  readonly seedPolicy: SeedPolicy;
  /** Pack it was made with; another one is used, with a notice, where this one is missing. */
  readonly pack: string;
  /** `{subject}` stands for what is typed when it is applied. */
  readonly promptTemplate?: string;
  /** ISO 8601, when it was last changed. */
  readonly changed: string;
}
