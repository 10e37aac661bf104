/** One self-contained HTML file of a page: script and styles inlined, the engine's parts as inert elements. */

import { build } from 'esbuild';
import { panelCss } from '../panel-css.mjs';

/** Must be PART_PREFIX of plugin/engine/inlined-parts.ts. */
const PART_PREFIX = 'enlarger:';

/**
 * Bundles a script for browsers, with its style sheet if it has one.
 * @param {{ entry: string, define?: Record<string, string>, minify?: boolean }} options
 * @returns {Promise<{ script: string, style: string }>}
 */
export async function bundlePage({ entry, define = {}, minify = true }) {
  const { outputFiles } = await build({
    entryPoints: [entry],
    outdir: 'page',
    bundle: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minify,
    write: false,
    legalComments: 'none',
    logLevel: 'warning',
    define: { 'process.env.NODE_ENV': '"production"', ...define },
    loader: { '.svg': 'dataurl', '.png': 'dataurl', '.woff2': 'dataurl' },
    plugins: [panelCss],
  });
  const text = (ending) => outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? '';
  return { script: text('.js'), style: text('.css') };
}

/**
 * The page as one file. The script stands before the parts, so that it can draw while megabytes are still read.
 * @param {{ title: string, script: string, style?: string, parts?: readonly { name: string, content: Buffer }[] }} page
 */
export function inlinePage({ title, script, style = '', parts = [] }) {
  const inert = parts.map(
    ({ name, content }) =>
      `<script type="application/octet-stream" id="${PART_PREFIX}${name}">${content.toString('base64')}</script>`,
  );
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${title}</title>`,
    style && `<style>${style.replaceAll('</style', '<\\/style')}</style>`,
    '</head>',
    '<body>',
    '<div id="app"></div>',
    `<script>${script.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--')}</script>`,
    ...inert,
    '</body>',
    '</html>',
    '',
  ]
    .filter((line) => line !== '')
    .join('\n');
}
