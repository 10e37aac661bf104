/**
 * The page of plugin.test.ts: panel and engine exactly as in Figma, but for two levers: `fail` makes the engine that runs
 * now fail, and a slow machine is given time to start one.
 */

import { connectHost } from '../../../plugin/bridge/connect.js';
import { figmaPagePort, type ListeningWindow } from '../../../plugin/bridge/port.js';
import type { WorkerHandle } from '../../../plugin/engine/engine-parts.js';
import { inlinedParts } from '../../../plugin/engine/inlined-parts.js';
import { createLocalEngine } from '../../../plugin/engine/local-engine.js';
import { mountPanel } from '../../../ui/mount.js';
import type { Faults } from './engine-page-calls.js';

const START_TIMEOUT_MS = 1_800_000;

const inlined = inlinedParts(document);
let model: WorkerHandle | undefined;
const parts: typeof inlined = {
  ...inlined,
  async startWorker(kind) {
    const worker = await inlined.startWorker(kind);
    if (kind === 'model') model = worker;
    return worker;
  },
};

Object.assign(globalThis, { fail: (faults: Faults) => model?.postMessage({ faults }, []) });

void mountPanel({
  root: document.getElementById('app')!,
  connect: () => connectHost(figmaPagePort(window as ListeningWindow, parent)),
  engine: createLocalEngine({ parts, startTimeoutMs: START_TIMEOUT_MS }),
});
