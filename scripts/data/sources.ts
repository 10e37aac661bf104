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
  /** Least and greatest reduction before training; within it, a soft picture is reduced until it is crisp. */
  readonly reduce: readonly [number, number];
}

/** File names of helper maps of 3-D engines (normals, gloss, height, glow): not pictures of anything. */
export const HELPER_MAP =
  /[_-](n|nm|nrm|norm|normal|normals?map|local|loc|ddn|height|h|bump|disp|gloss|g|gm|glow|luma|s|sm|spec|specular|refl?|mask|ao|occ|rough|metal(ness)?|alpha|blend|shirt|pants|reflect|fx|lightmap)\.\w+$/i;

const WALLPAPER: readonly [number, number] = [1.2, 2.6];
const AS_IS: readonly [number, number] = [1, 2];

/** All sources, most valuable first. */
export const PICTURE_SOURCES: readonly PictureSource[] = [
  {
    name: 'gnome-backgrounds',
    kind: 'photo',
    licences: ['CC-BY-SA-3.0', 'CC-BY-SA-2.0', 'CC-BY-2.0', 'GPL-2.0-or-later'],
    what: 'desktop backgrounds, photographs and abstract art',
    include: /\/backgrounds\/gnome\/.*\.(webp|jpe?g|png|jxl)$/i,
    reduce: WALLPAPER,
  },
  {
    name: 'lomiri-wallpapers-16.04',
    kind: 'photo',
    licences: ['CC-BY-4.0', 'CC-BY-SA-4.0', 'CC-BY-SA-3.0', 'CC0-1.0'],
    what: 'photographs from community wallpaper contests',
    include: /\/backgrounds\/.*\.(jpe?g|png)$/i,
    reduce: WALLPAPER,
  },
  {
    name: 'lomiri-wallpapers-20.04',
    kind: 'photo',
    licences: ['CC-BY-4.0', 'CC-BY-SA-4.0', 'CC-BY-SA-3.0', 'CC0-1.0'],
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
    licences: ['GPL-2.0-or-later'],
    what: 'desktop wallpapers, photographs and paintings (largest size of each)',
    include:
      /\/wallpapers\/.*\/contents\/images[^/]*\/(5120x2880|3840x2160|2560x1600|7680x\d+)\.(jpe?g|png)$/i,
    reduce: WALLPAPER,
  },
  {
    name: 'ukui-wallpapers',
    kind: 'photo',
    licences: ['CC-BY-SA-3.0'],
    what: 'desktop wallpapers, photographs',
    include: /\/backgrounds\/.*\.(jpe?g|png)$/i,
    reduce: WALLPAPER,
  },
  {
    name: 'tuxpaint-stamps-default',
    kind: 'photo',
    licences: ['GPL-2.0-or-later'],
    what: 'cut-out photographs of animals, plants, food and things, and drawings',
    include: /\/stamps\/.*\.png$/i,
    exclude: /\/(alphabets|roadsigns|flags)\//,
    reduce: [1, 1.6],
  },
  {
    name: 'endless-sky-data',
    kind: 'photo',
    licences: ['CC-BY-SA-4.0', 'LicenseRef-public-domain', 'CC-BY-SA-3.0', 'CC-BY-4.0', 'GPL-3.0-or-later'],
    what: 'photographs of landscapes, cities and machines',
    include: /\/images\/(land|scene)\/.*\.(jpe?g|png)$/i,
    reduce: AS_IS,
  },
  {
    name: 'gcompris-qt-data',
    kind: 'photo',
    licences: [
      'CC-BY-SA-3.0',
      'LicenseRef-public-domain',
      'CC-BY-2.0',
      'CC-BY-SA-4.0',
      'CC-BY-SA-2.0',
      'CC-BY-SA-2.5',
      'CC-BY-3.0',
      'CC-BY-1.0',
      'CC0-1.0',
      'GPL-3.0-or-later',
      'GFDL-1.2-or-later',
    ],
    what: 'photographs of animals, monuments and things',
    include: /\/(erase|explore_\w+|categorization|solar_system)\.rcc\/\d+\.webp$/,
    reduce: [1.2, 2],
  },
  {
    name: 'kphotoalbum',
    kind: 'photo',
    licences: ['GPL-2.0-or-later'],
    what: 'the demonstration album: holiday photographs',
    include: /\/kphotoalbum\/demo\/.*\.jpe?g$/i,
    reduce: [1, 2],
  },
  {
    name: 'palapeli-data',
    kind: 'photo',
    licences: ['GPL-2.0-or-later'],
    what: 'photographs for jigsaw puzzles',
    include: /\/palapeli\/(collection|backgrounds)\/.*\.jpe?g$/i,
    reduce: [1, 1.6],
  },
  {
    name: 'ufoai-textures',
    kind: 'texture',
    licences: [
      'GPL-2.0-or-later',
      'GPL-3.0-or-later',
      'CC-BY-SA-3.0',
      'CC-BY-3.0',
      'MIT',
      'LicenseRef-public-domain',
    ],
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
  {
    name: 'nexuiz-textures',
    kind: 'texture',
    licences: ['GPL-2.0-or-later'],
    what: 'game textures, uncompressed: walls, metal, ground',
    include: /textures\/.*\.(jpe?g|png|tga)$/i,
    exclude: /\/(flags|nexball|portals|sfx|egyptsoc_sfx)\//,
    reduce: AS_IS,
  },
  {
    name: 'redeclipse-data',
    kind: 'texture',
    licences: [
      'CC-BY-SA-3.0',
      'CC-BY-3.0',
      'CC0-1.0',
      'Zlib',
      'MIT',
      'LicenseRef-public-domain',
      'LicenseRef-simple-attribution',
    ],
    what: 'game textures: walls, ground, wood, skies',
    include: /\/redeclipse\/data\/.*\.(jpe?g|png)$/i,
    exclude:
      /\/(maps|textures|fonts|models|actors|weapons|vanities|crosshairs|particles|props|caustics)\/|wicked\w+\d[nsz]\.jpg$/,
    reduce: AS_IS,
  },
  {
    name: 'supertuxkart-data',
    kind: 'texture',
    licences: [
      'CC-BY-SA-3.0',
      'CC-BY-SA-4.0',
      'CC-BY-3.0',
      'CC-BY-4.0',
      'CC0-1.0',
      'GPL-2.0-or-later',
      'GPL-3.0-or-later',
      'LicenseRef-public-domain',
    ],
    what: 'game textures, painted and photographic, and skies',
    include: /\/data\/(textures|tracks|library)\/.*\.(jpe?g|png)$/i,
    reduce: AS_IS,
  },
  {
    name: 'flightgear-data-base',
    kind: 'texture',
    licences: ['GPL-2.0-or-later'],
    what: 'aerial photographs of land cover, trees, buildings',
    include:
      /\/flightgear\/(Textures\/(Terrain[^/]*|Trees|Sky|buildings|Runway)|Scenery\/Models)\/.*\.(jpe?g|png)$/i,
    exclude: /\.mask\.\w+$/,
    reduce: [1, 2],
  },
  {
    name: 'torcs-data',
    kind: 'texture',
    licences: ['GPL-2.0-or-later', 'LAL-1.2'],
    what: 'trackside textures, trees, skies',
    include: /\/torcs\/(tracks|data)\/.*\.(jpe?g|png)$/i,
    reduce: AS_IS,
  },
  {
    name: 'stellarium-data',
    kind: 'photo',
    licences: ['GPL-2.0-or-later'],
    what: 'panoramas of landscapes',
    include: /\/stellarium\/landscapes\/.*\.(jpe?g|png)$/i,
    reduce: [1, 2],
  },
  {
    name: 'lxqt-themes',
    kind: 'photo',
    licences: ['LGPL-2.1-or-later', 'CC-BY-SA-3.0', 'LGPL-3.0-only'],
    what: 'desktop wallpapers',
    include: /\/lxqt\/wallpapers\/.*\.(jpe?g|png)$/i,
    reduce: WALLPAPER,
  },
  {
    name: 'wesnoth-1.16-data',
    kind: 'art',
    licences: ['GPL-2.0-or-later'],
    what: 'painted portraits and story pictures',
    include: /\/images\/(portraits|story|maps|terrain\/map-specific)\/.*\.(jpe?g|png|webp)$/i,
    reduce: AS_IS,
  },
];

/** An npm package of vector icons in Iconify's JSON form; `plain` ones suit interface screens. */
export interface IconPackage {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly plain: boolean;
}

export const ICON_PACKAGES: readonly IconPackage[] = [
  { name: '@iconify-json/tabler', version: '1.2.41', licence: 'MIT', plain: true },
  { name: '@iconify-json/bi', version: '1.2.7', licence: 'MIT', plain: true },
  { name: '@iconify-json/lucide', version: '1.2.137', licence: 'ISC', plain: true },
  { name: '@iconify-json/mdi', version: '1.2.3', licence: 'Apache-2.0', plain: true },
  { name: '@iconify-json/simple-icons', version: '1.2.102', licence: 'CC0-1.0', plain: false },
  { name: '@iconify-json/logos', version: '1.2.19', licence: 'CC0-1.0', plain: false },
  { name: '@iconify-json/fluent-emoji-flat', version: '1.2.6', licence: 'MIT', plain: false },
  { name: '@iconify-json/noto', version: '1.2.9', licence: 'Apache-2.0', plain: false },
  { name: '@iconify-json/circle-flags', version: '1.2.11', licence: 'MIT', plain: false },
];

/** A Debian package of fonts and the families to take from it. */
export interface FontPackage {
  readonly name: string;
  readonly licence: string;
  readonly families: readonly string[];
}

export const FONT_PACKAGES: readonly FontPackage[] = [
  {
    name: 'fonts-dejavu-core',
    licence: 'Bitstream-Vera',
    families: ['DejaVu Sans', 'DejaVu Serif', 'DejaVu Sans Mono'],
  },
  {
    name: 'fonts-liberation',
    licence: 'GPL-2.0-with-font-exception',
    families: ['Liberation Sans', 'Liberation Serif', 'Liberation Mono'],
  },
  { name: 'fonts-open-sans', licence: 'Apache-2.0', families: ['Open Sans'] },
  { name: 'fonts-roboto-unhinted', licence: 'Apache-2.0', families: ['Roboto', 'Roboto Condensed'] },
  { name: 'fonts-lato', licence: 'OFL-1.1', families: ['Lato'] },
  { name: 'fonts-inter', licence: 'OFL-1.1', families: ['Inter'] },
  { name: 'fonts-ebgaramond', licence: 'OFL-1.1', families: ['EB Garamond'] },
  { name: 'fonts-firacode', licence: 'OFL-1.1', families: ['Fira Code'] },
  { name: 'fonts-cantarell', licence: 'OFL-1.1', families: ['Cantarell'] },
  { name: 'fonts-hack', licence: 'MIT', families: ['Hack'] },
  { name: 'fonts-linuxlibertine', licence: 'OFL-1.1', families: ['Linux Libertine O', 'Linux Biolinum O'] },
  { name: 'fonts-comic-neue', licence: 'OFL-1.1', families: ['Comic Neue'] },
  { name: 'fonts-crosextra-carlito', licence: 'OFL-1.1', families: ['Carlito'] },
  { name: 'fonts-crosextra-caladea', licence: 'Apache-2.0', families: ['Caladea'] },
];
