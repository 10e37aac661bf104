/** What is kept on layers that were touched: buttons that run the plugin again, and what a picture was generated from. */

import type { SceneNode } from '@figma/plugin-typings/plugin-api-standalone.js';
import * as z from 'zod/mini';
import type { GeneratedFrom } from '../../host.js';
import { RELAUNCH, type RelaunchCommand } from './commands.js';

const GENERATED = 'generated';

/** Files travel between people, and with them what is written on their layers. */
const generatedSchema = z.object({
  prompt: z.string().check(z.maxLength(4000)),
  seed: z.number(),
  guidance: z.number(),
});

/** Adds relaunch buttons to those a layer has. A layer that takes none (inside some instances) goes without. */
export function addButtons(node: SceneNode, commands: readonly RelaunchCommand[]): void {
  try {
    const buttons = { ...node.getRelaunchData() };
    for (const command of commands) buttons[command] = RELAUNCH[command];
    node.setRelaunchData(buttons);
  } catch {
    // The buttons are a convenience; the picture is in place.
  }
}

/** Keeps what a picture was generated from on its layer. */
export function markGenerated(node: SceneNode, generated: GeneratedFrom): void {
  node.setPluginData(GENERATED, JSON.stringify(generated));
  addButtons(node, ['vary']);
}

/** What a layer's picture was generated from; null when it was not, or when what is written there is not ours. */
export function generatedFrom(node: SceneNode): GeneratedFrom | null {
  const text = node.getPluginData(GENERATED);
  if (text === '') return null;
  try {
    const parsed = z.safeParse(generatedSchema, JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
