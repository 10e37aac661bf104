/**
 * QuickJS compiled to wasm: a JavaScript VM that shares nothing with Node, for code that runs in an editor's sandbox.
 * The package loads its wasm with an import() that jest's realm does not allow; here it is required.
 */

import {
  newQuickJSWASMModuleFromVariant,
  type QuickJSSyncVariant,
  type QuickJSWASMModule,
  RELEASE_SYNC,
} from 'quickjs-emscripten';

type Loader = Awaited<ReturnType<QuickJSSyncVariant['importModuleLoader']>>;

let quickJs: Promise<QuickJSWASMModule> | null = null;

/** The module, loaded once for each test file; contexts made from it are separate. */
export function loadQuickJs(): Promise<QuickJSWASMModule> {
  quickJs ??= newQuickJSWASMModuleFromVariant({
    ...(RELEASE_SYNC as QuickJSSyncVariant),
    importModuleLoader: async () => {
      const module = require('@jitl/quickjs-wasmfile-release-sync/emscripten-module') as
        | Loader
        | { readonly default: Loader };
      return 'default' in module ? module.default : module;
    },
  });
  return quickJs;
}
