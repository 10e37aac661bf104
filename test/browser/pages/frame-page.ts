/** What stands for the plugin's page inside the frame of web.test.ts: a host on the other side of the bridge. */

import { connectHost } from '../../../plugin/bridge/connect.js';
import { type ListeningWindow, windowPort } from '../../../plugin/bridge/port.js';

const events: string[] = [];
void connectHost(windowPort(window as ListeningWindow, parent, 'null', { anyOrigin: true })).then((host) => {
  host.subscribe(({ kind }) => events.push(kind));
  Object.assign(globalThis, { host, events, connected: true });
});
