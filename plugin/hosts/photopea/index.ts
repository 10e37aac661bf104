/** Enlarger in Photopea. */

export {
  createPhotopeaHost,
  PHOTOPEA_ORIGIN,
  type PhotopeaHost,
  type PhotopeaOptions,
  photopeaPort,
} from './host.js';
