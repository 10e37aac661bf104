/** What stands for the plugin's page inside Photopea: its host, as the real page makes it. */

import type { ListeningWindow } from '../../../plugin/bridge/port.js';
import { createPhotopeaHost, photopeaPort } from '../../../plugin/hosts/photopea/index.js';

const host = createPhotopeaHost(photopeaPort(window as ListeningWindow, parent), {
  storage: () => localStorage,
  times: { scriptMs: 4_000, pingMs: 1_000 },
});
Object.assign(globalThis, { host });
