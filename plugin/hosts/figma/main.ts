/**
 * Entry of the plugin's sandbox in Figma. The build bundles it for ES2017 and defines `ENLARGER_GENERATOR` as true when
 * the panel's page holds a generator.
 */

import type { PluginAPI } from '@figma/plugin-typings/plugin-api-standalone.js';
import { start } from './start.js';

declare const figma: PluginAPI;
declare const __html__: string;
declare const ENLARGER_GENERATOR: boolean | undefined;

start(figma, {
  html: __html__,
  hasGenerator: typeof ENLARGER_GENERATOR !== 'undefined' && ENLARGER_GENERATOR,
});
