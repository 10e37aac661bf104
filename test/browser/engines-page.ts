/** The page of engines.test.ts: runs the probe on the engine that is asked for. */

import { createEngine } from '../../core/runtime/browser.js';
import { probe } from './probe.js';

Object.assign(globalThis, {
  async runProbe(name: string) {
    const { engine } = await createEngine(name);
    const result = { description: engine.description, ...(await probe(engine)) };
    await engine.dispose();
    return result;
  },
});
