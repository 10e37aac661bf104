/**
 * Where the training pictures come from: Debian packages with free licences, as data. The script beside
 * this file fetches them; docs/data.md says why these. Owner: scripts/data.
 */
import type { PictureKind } from '../../core/train/data/picture.js';

/** One Debian package that holds pictures. */
export interface PictureSource {
  /** Debian package name, also the name of the folder its pictures go to. */
  readonly name: string;
  readonly kind: PictureKind;
  /** Licences of the pictures as their copyright file states them, SPDX identifiers where they exist. */
  readonly licences: readonly string[];
  /** What the pictures show. */
  readonly what: string;
  /** Paths to take, tested against the path inside the package and inside archives (.pk3, .zip). */
  readonly include: RegExp;
  /** Paths to leave although they are included. */
  readonly exclude?: RegExp;
  /** Range of the reduction before training; pictures that are soft at full size want 1.6 to 2.6. */
  readonly reduce: readonly [number, number];
}

/** File names of helper maps of 3-D engines (normals, gloss, height, glow): not pictures of anything. */
export const HELPER_MAP =
  /[_-](n|nm|nrm|norm|normal|normals?map|local|loc|ddn|height|h|bump|disp|gloss|g|gm|glow|luma|s|sm|spec|specular|refl?|mask|ao|occ|rough|metal(ness)?|alpha|blend|shirt|pants|reflect|fx|lightmap)\.\w+$/i;

const WALLPAPER: readonly [number, number] = [1.6, 2.6];
const AS_IS: readonly [number, number] = [1, 1];

/** All sources, most valuable first. */
export const PICTURE_SOURCES: readonly PictureSource[] = [
  {
    name: 'gnome-backgrounds',
    kind: 'photo',
    licences: ['CC-BY-SA-3.0', 'CC-BY-2.0', 'CC0-1.0'],
    what: 'desktop backgrounds, photographs and abstract art',
    include: /\/backgrounds\/gnome\/.*\.(webp|jpe?g|png|jxl)$/i,
    reduce: WALLPAPER,
  },
  {
    name: 'lomiri-wallpapers-16.04',
    kind: 'photo',
    licences: ['CC-BY-SA-3.0'],
    what: 'photographs from community wallpaper contests',
    include: /\/backgrounds\/.*\.(jpe?g|png)$/i,
    reduce: WALLPAPER,
  },
  {
    name: 'lomiri-wallpapers-20.04',
    kind: 'photo',
    licences: ['CC-BY-SA-3.0'],
    what: 'photographs from community wallpaper contests',
    include: /\/backgrounds\/.*\.(jpe?g|png)$/i,
    reduce: WALLPAPER,
  },
  {
    name: 'mate-backgrounds',
    kind: 'photo',
    licences: ['GPL-2.0-or-later', 'CC-BY-SA-4.0'],
    what: 'nature photographs and abstract wallpapers',
    include: /\/backgrounds\/mate\/.*\.(jpe?g|png)$/i,
    reduce: WALLPAPER,
  },
  {
    name: 'plasma-workspace-wallpapers',
    kind: 'photo',
    licences: ['CC-BY-SA-4.0', 'LGPL-3.0-only'],
    what: 'desktop wallpapers, photographs and paintings (largest size of each)',
    include:
      /\/wallpapers\/.*\/contents\/images[^/]*\/(5120x2880|3840x2160|2560x1600|7680x\d+)\.(jpe?g|png)$/i,
    reduce: WALLPAPER,
  },
  {
    name: 'ukui-wallpapers',
    kind: 'photo',
    licences: ['CC-BY-SA-4.0', 'GPL-3.0-or-later'],
    what: 'desktop wallpapers, photographs',
    include: /\/backgrounds\/.*\.(jpe?g|png)$/i,
    reduce: WALLPAPER,
  },
  {
    name: 'tuxpaint-stamps-default',
    kind: 'photo',
    licences: ['GPL-2.0-or-later', 'LicenseRef-public-domain'],
    what: 'cut-out photographs of animals, plants, food and things, and drawings',
    include: /\/stamps\/.*\.png$/i,
    exclude: /\/(alphabets|roadsigns|flags)\//,
    reduce: [1, 1.3],
  },
  {
    name: 'ufoai-textures',
    kind: 'texture',
    licences: ['GPL-2.0-or-later', 'CC-BY-SA-3.0', 'LicenseRef-public-domain'],
    what: 'photographic textures of buildings, ground and machines',
    include: /textures\/.*\.(jpe?g|png|tga)$/i,
    reduce: AS_IS,
  },
  {
    name: 'openarena-081-textures',
    kind: 'texture',
    licences: ['GPL-2.0-or-later'],
    what: 'game textures: stone, metal, wood, sky',
    include: /(textures|env)\/.*\.(jpe?g|png|tga)$/i,
    exclude: /\/(sfx|flares|symbols|pulchr_sfx|oa_fogs)\//,
    reduce: AS_IS,
  },
];
