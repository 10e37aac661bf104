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
/** All that were started: which of them works at a moment is the engine's affair. */
const models: WorkerHandle[] = [];
const parts: typeof inlined = {
  ...inlined,
  async startWorker(kind) {
    const worker = await inlined.startWorker(kind);
    if (kind === 'model') models.push(worker);
    return worker;
  },
};

const fail = (faults: Faults) => {
  for (const model of models) model.postMessage({ faults }, []);
};
Object.assign(globalThis, { fail });

void mountPanel({
  root: document.getElementById('app')!,
  connect: () => connectHost(figmaPagePort(window as ListeningWindow, parent)),
  engine: createLocalEngine({ parts, startTimeoutMs: START_TIMEOUT_MS }),
});
