/** `npm run build`: the command line, and the plugin for every host. (`npm ci` builds the command line only.) */

import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildCli } from './build/cli.mjs';
import { buildPlugins } from './build/plugins.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
await buildCli(root);
await buildPlugins(root);
