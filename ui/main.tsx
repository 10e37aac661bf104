/** The page of every plugin: joins the editor it was built for, the engine inside the page, and the panel. */

import { connectHost } from '../plugin/bridge/connect.js';
import { figmaPagePort, type ListeningWindow, windowPort } from '../plugin/bridge/port.js';
import { createEngine } from '../plugin/engine/create-engine.js';
import type { Host } from '../plugin/host.js';
import { createPhotopeaHost, photopeaPort } from '../plugin/hosts/photopea/index.js';
import { mountPanel } from './mount.js';

/** Set by the build. */
declare const HOST_KIND: 'figma' | 'photopea' | 'web';

async function connect(): Promise<Host> {
  const self = window as ListeningWindow;
  switch (HOST_KIND) {
    case 'figma':
      return connectHost(figmaPagePort(self, parent));
    case 'photopea':
      return createPhotopeaHost(photopeaPort(self, parent), {
        storage: () => localStorage,
        visible: () => document.visibilityState === 'visible',
      });
    case 'web':
      // Whoever puts the panel into a page serves it; only messages of the page around count.
      return connectHost(windowPort(self, parent, 'null', { anyOrigin: true }));
  }
}

const root = document.getElementById('app');
if (!root) throw new Error('The page of the panel has no element "app".');
void mountPanel({
  root,
  connect,
  engine: createEngine(),
  fragment: location.hash,
  onFragment: (listener) => addEventListener('hashchange', () => listener(location.hash)),
});
