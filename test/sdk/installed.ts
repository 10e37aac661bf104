/** The package as `npm install` leaves it in somebody's project: packed files only, its dependencies beside it. */

import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { buildSdk } from '../../scripts/build/sdk.mjs';

const ROOT = path.join(__dirname, '../..');
const run = promisify(execFile);

export interface Installed {
  /** Folder of the project that has it. */
  readonly project: string;
  /** What npm would publish. */
  readonly packed: readonly string[];
  /** Runs a module in the project. */
  node(source: string): Promise<string>;
  /** Compiler errors of a program in the project, one a line; empty when there are none. */
  typeCheck(source: string): Promise<string>;
  remove(): void;
}

export async function install(): Promise<Installed> {
  const project = mkdtempSync(path.join(tmpdir(), 'enlarger-consumer-'));
  const home = path.join(project, 'node_modules', 'enlarger');
  const built = path.join(project, 'built');
  mkdirSync(built, { recursive: true });
  for (const name of ['package.json', 'README.md', 'LICENSE', 'docs', 'models'])
    cpSync(path.join(ROOT, name), path.join(built, name), { recursive: true });
  await buildSdk(ROOT, path.join(built, 'dist'));
  // What other builders make and other tests look at; here only its place counts.
  for (const name of ['cli/enlarger.js', 'engine/pack.json', 'playground/plugin.html', 'figma/ui.html']) {
    mkdirSync(path.dirname(path.join(built, 'dist', name)), { recursive: true });
    writeFileSync(path.join(built, 'dist', name), '{}');
  }
  const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: built });
  const packed = (JSON.parse(stdout)[0].files as { path: string }[]).map((file) => file.path);
  for (const name of packed) cpSync(path.join(built, name), path.join(home, name));
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(home, 'node_modules'));
  return {
    project,
    packed,
    async node(source) {
      const file = path.join(project, 'main.mjs');
      writeFileSync(file, source);
      return (await run(process.execPath, [file], { cwd: project })).stdout;
    },
    async typeCheck(source) {
      writeFileSync(path.join(project, 'main.ts'), source);
      const compilerOptions = {
        strict: true,
        module: 'NodeNext',
        target: 'ES2022',
        lib: ['ES2023', 'DOM', 'DOM.Iterable'],
        types: ['node'],
        typeRoots: [path.join(ROOT, 'node_modules', '@types')],
        skipLibCheck: true,
        noEmit: true,
      };
      writeFileSync(
        path.join(project, 'tsconfig.json'),
        JSON.stringify({ compilerOptions, files: ['main.ts'] }),
      );
      writeFileSync(path.join(project, 'package.json'), '{"type":"module"}');
      const tsc = path.join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
      return run(process.execPath, [tsc, '-p', project], { cwd: project }).then(
        () => '',
        ({ stdout: faults }: { stdout: string }) => faults,
      );
    },
    remove: () => rmSync(project, { recursive: true, force: true }),
  };
}
