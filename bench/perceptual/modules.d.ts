/** The one entry of nsfwjs that is used here: the files of its Inception-v3, as data inside modules. */
declare module 'nsfwjs/models/inception_v3' {
  interface WeightEntry {
    readonly name: string;
    readonly shape: readonly number[];
    readonly dtype: string;
    readonly quantization?: {
      readonly min: number;
      readonly scale: number;
      readonly dtype: 'uint8' | 'uint16';
    };
  }
  export const InceptionV3Model: {
    modelJson(): Promise<{
      default: { weightsManifest: readonly { readonly weights: readonly WeightEntry[] }[] };
    }>;
    /** One base64 text each; joined, they are the weights in the order of the manifest. */
    readonly weightBundles: readonly (() => Promise<{ default: string }>)[];
  };
}
