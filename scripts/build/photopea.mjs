/** dist/photopea: the page, and the configuration by which Photopea shows it. */

import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Where the folder is served while somebody tries it; publishers put their own address into config.json. */
const LOCAL_URL = 'http://localhost:8090/index.html';

const ICON =
  'data:image/svg+xml,' +
  encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#888" stroke-width="2">' +
      '<rect x="3" y="13" width="8" height="8"/><path d="M9 3h12v12M21 3 12 12"/></svg>',
  );

const README = `# Enlarger in Photopea

1. Serve this folder: \`npx serve -l 8090 .\` (or any web server; publishers need https).
2. Put its address into \`config.json\` if it is another one than ${LOCAL_URL}.
3. Open \`https://www.photopea.com#\` followed by the content of \`config.json\`, URI-encoded. \`open.txt\` holds the
   whole address for step 1.

The panel appears among Photopea's plugins. Pictures stay on your machine: the page asks for no network.
`;

/** @param {{ root: string, page: (kind: 'photopea') => Promise<{ html: string }> }} context */
export async function writePhotopea({ root, page }) {
  const folder = path.join(root, 'dist', 'photopea');
  const config = {
    environment: {
      plugins: [{ name: 'Enlarger', url: LOCAL_URL, width: 360, height: 640, icon: ICON }],
    },
  };
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'index.html'), (await page('photopea')).html);
  await writeFile(path.join(folder, 'config.json'), `${JSON.stringify(config, null, 2)}\n`);
  await writeFile(
    path.join(folder, 'open.txt'),
    `https://www.photopea.com#${encodeURIComponent(JSON.stringify(config))}\n`,
  );
  await writeFile(path.join(folder, 'README.md'), README);
}
