/**
 * The direction of imports: a room of core may use the rooms named beside it and nothing else. Files directly in
 * core/ (errors, the public face) are common ground.
 */

const MAY_USE = {
  raster: [],
  graph: [],
  flow: [],
  runtime: ['graph', 'raster'],
  nets: ['graph', 'flow'],
  train: ['raster', 'graph', 'flow', 'runtime', 'nets'],
  pack: ['raster', 'graph', 'flow', 'runtime', 'nets'],
  pipeline: ['raster', 'graph', 'flow', 'runtime', 'nets', 'pack'],
  generate: ['raster', 'graph', 'flow', 'runtime', 'pack', 'pipeline'],
};

const rooms = Object.entries(MAY_USE).map(([room, others]) => ({
  name: `core-${room}`,
  severity: 'error',
  comment: `core/${room} may use ${others.length ? others.join(', ') : 'no other room'}.`,
  from: { path: `^core/${room}/` },
  to: { path: '^core/[^/]+/', pathNot: `^core/(${[room, ...others].join('|')})/` },
}));

/** Rooms of plugin/: what each may use inside plugin/. Files directly in plugin/ (the host contract) are common ground. */
const PLUGIN_MAY_USE = {
  bridge: [],
  engine: [],
  presets: [],
  jobs: ['engine'],
  'hosts/figma': ['bridge'],
  'hosts/photopea': ['bridge'],
  'hosts/web': ['bridge'],
  'hosts/fixture': ['bridge'],
};

const pluginRooms = Object.entries(PLUGIN_MAY_USE).map(([room, others]) => ({
  name: `plugin-${room.replace('/', '-')}`,
  severity: 'error',
  comment: `plugin/${room} may use ${others.length ? others.join(', ') : 'no other room of plugin/'}.`,
  from: { path: `^plugin/${room}/` },
  to: { path: '^plugin/(hosts/)?[^/]+/', pathNot: `^plugin/(${[room, ...others].join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...rooms,
    ...pluginRooms,
    {
      name: 'core-below-plugin',
      severity: 'error',
      comment: 'Core and the command line know no editor and no panel (the format of presets excepted).',
      from: { path: '^(core|cli)/' },
      to: { path: '^(plugin|ui)/', pathNot: '^plugin/presets/' },
    },
    {
      name: 'plugin-below-ui',
      severity: 'error',
      comment: 'The seam to editors knows no panel.',
      from: { path: '^plugin/' },
      to: { path: '^(ui|cli|scripts|bench|test|playground|examples)/' },
    },
    {
      name: 'ui-owns-no-pixels',
      severity: 'error',
      comment:
        'The panel sends messages: of core it may use types, errors and the arithmetic of targets only.',
      from: { path: '^ui/' },
      to: { path: '^core/', pathNot: '^core/(errors|pipeline/(cascade|progress))[.]ts$' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'Files that import each other in a circle cannot be understood one at a time.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'core-below-cli',
      severity: 'error',
      comment: 'Core knows no command line, script, benchmark or test, and no page that uses it.',
      from: { path: '^core/' },
      to: { path: '^(cli|scripts|bench|test|playground|examples)/' },
    },
    {
      name: 'cli-alone',
      severity: 'error',
      comment: 'The command line stands on core alone.',
      from: { path: '^cli/' },
      to: { path: '^(scripts|bench|test|ui|playground|examples)/' },
    },
    {
      name: 'ui-below-pages',
      severity: 'error',
      comment: 'The panel knows no page that opens it, and no program.',
      from: { path: '^ui/' },
      to: { path: '^(cli|scripts|bench|test|playground|examples)/' },
    },
    {
      name: 'ui-asks-the-engine',
      severity: 'error',
      comment: 'The panel talks to the engine by its contract: what runs in workers is not for it.',
      from: { path: '^ui/' },
      to: { path: '^plugin/engine/worker/|node_modules/onnxruntime-' },
    },
    {
      name: 'playground-is-an-editor',
      severity: 'error',
      comment:
        'The playground is an editor like any other: it knows the seam, and the panel as the page that was built.',
      from: { path: '^playground/' },
      to: { path: '^(core|ui|cli|scripts|bench|test|examples)/|^plugin/(engine|jobs|presets)/' },
    },
    {
      name: 'examples-use-the-package',
      severity: 'error',
      comment: 'Examples import what a stranger can: the package, and the editor they are for.',
      from: { path: '^examples/' },
      to: { path: '^(core|plugin|ui|cli|scripts|bench|test|playground)/' },
    },
    {
      name: 'core-has-no-node',
      severity: 'error',
      comment: 'Core runs in pages and workers: Node is for core/runtime/node and above.',
      from: { path: '^core/', pathNot: '^core/runtime/node/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'node-room-is-not-for-core',
      severity: 'error',
      comment: 'Only programs for Node (cli, scripts, bench) use core/runtime/node.',
      from: { path: '^core/', pathNot: '^core/runtime/node/' },
      to: { path: '^core/runtime/node/' },
    },
    {
      name: 'only-runtime-knows-onnx-runtime',
      severity: 'error',
      comment: 'Everything above core/runtime talks to engines by their contract.',
      from: { path: '^(core|cli)/', pathNot: '^core/runtime/' },
      to: { path: 'node_modules/onnxruntime-' },
    },
    {
      name: 'resolvable',
      severity: 'error',
      comment:
        'An import that cannot be found (excepted: typings of Figma, a package of types only; this package, before it is built).',
      from: {},
      to: { couldNotResolve: true, pathNot: '^(@figma/plugin-typings|enlarger)/' },
    },
  ],
  options: {
    // Examples use the package as it is built.
    doNotFollow: { path: '^(node_modules|dist)/' },
    parser: 'swc',
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types'],
    },
  },
};
