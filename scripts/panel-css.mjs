/**
 * esbuild plugin for bundles with the panel in them. @create-figma-plugin/ui puts a "!" before the path of a style
 * sheet that is no CSS module, which only its own build tool understands; CSS modules esbuild knows by itself.
 * A bundle with this plugin has one script and one style sheet, which may both be inlined in a page.
 */

/** @type {import('esbuild').Plugin} */
export const panelCss = {
  name: 'panel-css',
  setup(build) {
    build.onResolve({ filter: /^!.*\.css$/ }, ({ path, resolveDir, kind }) =>
      build.resolve(path.slice(1), { resolveDir, kind }),
    );
  },
};
