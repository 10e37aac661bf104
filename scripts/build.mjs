/** `npm run build`: the command line, the plugin for every host, examples, and the entries for others. (`npm ci` builds the command line only.) */

import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildCli } from './build/cli.mjs';
import { buildExamples } from './build/examples.mjs';
import { buildPlugins } from './build/plugins.mjs';
import { buildSdk } from './build/sdk.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
await buildCli(root);
await buildPlugins(root);
await buildExamples(root);
await buildSdk(root);
