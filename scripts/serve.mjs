/** A small web server for what the build made: playground, examples, and the package as pages find it after npm install. */

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
};

/** Address and folder, the longest address first. */
const folders = (root, dist) => [
  ['/node_modules/enlarger/dist/', dist],
  ['/examples/toast-ui/', path.join(dist, 'examples', 'toast-ui')],
  ['/examples/image/', path.join(root, 'examples', 'image')],
  ['/samples/', path.join(root, 'playground', 'samples')],
  ['/', path.join(dist, 'playground')],
];

/**
 * Serves to this machine only. A port that is taken is answered with the next free one.
 * @param {string} root The checkout.
 * @param {number} port 0 for any.
 * @param {string} [dist] What the build made.
 * @returns {Promise<{ url: string, close(): Promise<void> }>}
 */
export async function serve(root, port, dist = path.join(root, 'dist')) {
  const served = folders(root, dist);
  const server = http.createServer((request, response) => {
    answer(served, request, response).catch(() => response.destroy());
  });
  await listen(server, port);
  const { port: taken } = server.address();
  return {
    url: `http://localhost:${taken}/`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function listen(server, port) {
  for (let tries = 0; ; tries++) {
    try {
      await new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port === 0 ? 0 : port + tries, 'localhost', resolve);
      });
      return;
    } catch (error) {
      if (error.code !== 'EADDRINUSE' || tries === 20) throw error;
    }
  }
}

async function answer(served, { method, url }, response) {
  // Browsers ask for it on their own.
  if (url === '/favicon.ico') {
    response.writeHead(204).end();
    return;
  }
  const file = await locate(served, new URL(url, 'http://localhost').pathname);
  if (!file || (method !== 'GET' && method !== 'HEAD')) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('There is nothing here.\n');
    return;
  }
  response.writeHead(200, {
    'content-type': TYPES[path.extname(file.name)] ?? 'application/octet-stream',
    'content-length': file.size,
    'cache-control': 'no-cache',
  });
  if (method === 'HEAD') response.end();
  else await pipeline(createReadStream(file.name), response);
}

/** The file of an address, never outside of its folder. */
async function locate(served, address) {
  const [prefix, folder] = served.find(([start]) => address.startsWith(start));
  const rest = decodeURIComponent(address.slice(prefix.length)) || 'index.html';
  const name = path.resolve(folder, rest.endsWith('/') ? `${rest}index.html` : rest);
  if (!name.startsWith(folder + path.sep)) return null;
  const facts = await stat(name).catch(() => null);
  return facts?.isFile() ? { name, size: facts.size } : null;
}
