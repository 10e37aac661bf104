/** `npm start`: builds the playground and the examples and serves them on this machine until Ctrl-C. */

import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildExamples } from './build/examples.mjs';
import { buildPlugins } from './build/plugins.mjs';
import { buildSdkScripts } from './build/sdk.mjs';
import { serve } from './serve.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
await Promise.all([buildPlugins(root), buildExamples(root), buildSdkScripts(root)]);
const { url } = await serve(root, Number(process.env.PORT ?? 8080));
process.stdout.write(`
Playground                     ${url}
Example: a picture of a page   ${url}examples/image/
Example: TOAST UI              ${url}examples/toast-ui/
`);
