/**
 * Completes package-lock.json after `npm install`: npm leaves out optional packages for other platforms when its
 * registry does not have them, and `npm ci` then refuses the file everywhere. Each is added by the version that
 * its parent asks for. With --check nothing is written, and the exit code says whether the file is complete.
 */

import { readFile, writeFile } from 'node:fs/promises';

const FILE = new URL('../package-lock.json', import.meta.url);
const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'];

const lock = JSON.parse(await readFile(FILE, 'utf8'));
const { packages } = lock;
const missing = Object.entries(packages).flatMap(([parent, { optionalDependencies = {}, dev }]) =>
  Object.entries(optionalDependencies)
    .filter(([name]) => !packages[`${parent}/node_modules/${name}`] && !packages[`node_modules/${name}`])
    .map(([name, version]) => ({ name, version, dev })),
);

if (process.argv.includes('--check')) {
  for (const { name } of missing) process.stderr.write(`package-lock.json lacks ${name}\n`);
  if (missing.length > 0) process.stderr.write('Run node scripts/complete-lock.mjs\n');
  process.exitCode = missing.length > 0 ? 1 : 0;
} else if (missing.length > 0) {
  for (const { name, version, dev } of missing) packages[`node_modules/${name}`] = entry(name, version, dev);
  lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
  await writeFile(FILE, `${JSON.stringify(lock, null, 2)}\n`);
  process.stdout.write(`${missing.length} packages added to package-lock.json\n`);
}

/** Where a platform package belongs is in its name: `<system>-<processor>[-<C library>]` at the end. */
function entry(name, version, dev) {
  const words = name.split(/[/-]/);
  const at = words.findIndex((word) => SYSTEMS.includes(word));
  if (at < 0 || !/^\d/.test(version)) throw new Error(`${name} ${version} is no package of one platform`);
  const [system, processor] = words.slice(at);
  return { version, cpu: [processor], ...(dev && { dev }), optional: true, os: [system] };
}
