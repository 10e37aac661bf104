/** How large a preset and its parts may be. What comes from a shared document, a file or a link obeys these or is refused. */

/** The format this version writes, `major.minor`. Any minor of the same major can be read. */
export const PRESET_FORMAT = '1.0';

/** Lengths in UTF-16 units. */
export const MAX_NAME_LENGTH = 80;
export const MAX_AUTHOR_LENGTH = 80;
export const MAX_TEMPLATE_LENGTH = 2000;

/** Longest side that a preset may ask for, in pixels. */
export const MAX_SIDE_PX = 65_536;
export const MAX_STEPS = 100;

/** A preset as JSON, fields of later versions included; in characters. */
export const MAX_PRESET_LENGTH = 256 * 1024;
/** How deep objects and lists of a preset may lie in each other. */
export const MAX_DEPTH = 16;

/** Presets in one store or file. */
export const MAX_PRESETS = 200;
/** A file of presets, in characters. */
export const MAX_FILE_LENGTH = 4 * 1024 * 1024;
/** The part of a link behind "#", in characters. */
export const MAX_LINK_LENGTH = 32 * 1024;
