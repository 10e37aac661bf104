import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const ROOT = path.join(__dirname, '../..');

/** What the check says of a project with these files, and of a file of core that they may want. */
function checked(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'imports-'));
  try {
    copyFileSync(path.join(ROOT, '.dependency-cruiser.cjs'), path.join(folder, '.dependency-cruiser.cjs'));
    const all = { 'core/runtime/engine.ts': 'export const engine = 1;\n', ...files };
    for (const [name, content] of Object.entries(all)) {
      mkdirSync(path.join(folder, path.dirname(name)), { recursive: true });
      writeFileSync(path.join(folder, name), content);
    }
    const folders = [...new Set(Object.keys(all).map((name) => name.split('/')[0]))];
    const script = path.join(ROOT, 'scripts/check-imports.mjs');
    return execFileSync(process.execPath, [script, ...folders], {
      cwd: folder,
      encoding: 'utf8',
      stdio: 'pipe',
    });
  } catch (error) {
    return (error as { stdout: string }).stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const part = (imported: string) =>
  `import { engine } from '${imported}';\nexport const Part = () => <p class="x">{engine}</p>;\n`;

it.each([
  ['ui/part.tsx', part('../core/runtime/engine.js'), 'ui-owns-no-pixels'],
  ['ui/part.tsx', part('../playground/app.js'), 'ui-below-pages'],
  ['playground/parts/part.tsx', part('../../core/runtime/engine.js'), 'playground-is-an-editor'],
  ['examples/page/main.ts', `import '../../core/runtime/engine.js';\n`, 'examples-use-the-package'],
  ['plugin/host.ts', `import '../ui/part.js';\n`, 'plugin-below-ui'],
  ['plugin/host.ts', `import '../examples/page/main.js';\n`, 'plugin-below-ui'],
])('%s may not import that: %#', (file, content, rule) => {
  const others = {
    'playground/app.tsx': 'export const engine = 2;\n',
    'examples/page/main.ts': 'export const page = 3;\n',
    'ui/part.tsx': 'export const Part = () => <b />;\n',
  };
  const output = checked({ ...others, [file]: content });
  expect(output).toContain(`error ${rule}: ${file}`);
});

it('components that import downwards are fine', () => {
  const files = {
    'core/errors.ts': 'export const engine = 1;\n',
    'ui/part.tsx': part('../core/errors.js'),
    'playground/app.tsx': part('../plugin/host.js'),
    'plugin/host.ts': `export { engine } from '../core/errors.js';\n`,
  };
  expect(checked(files)).toContain('no dependency violations');
});
