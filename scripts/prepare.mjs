/**
 * Runs after `npm install` in a checkout: builds the command line, so that `npx enlarger` works there. Without
 * the development tools (`npm ci --omit=dev`) there is nothing to build with, and nothing is done.
 */

const hasTools = await import('esbuild').then(
  () => true,
  () => false,
);
if (hasTools) await import('./build.mjs');
else process.stderr.write('enlarger: not built, as esbuild is not installed\n');
