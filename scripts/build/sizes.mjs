/** What the plugin's file is made of, and whether it is small enough to ship. */

const MEGABYTE = 1e6;
/** Figma loads the file whenever somebody opens the plugin. */
const BUDGET_MB = 20;
const BUDGET_WITH_GENERATOR_MB = 32;

/**
 * Prints the report.
 * @param {{ page: { html: string, script: string, style: string }, mainBytes: number, hasGenerator: boolean,
 *   parts: readonly { name: string, content: Buffer }[] }} built
 * @throws Error beyond the budget.
 */
export function reportSizes({ page, mainBytes, parts, hasGenerator }) {
  const budget = (hasGenerator ? BUDGET_WITH_GENERATOR_MB : BUDGET_MB) * MEGABYTE;
  const groups = new Map();
  for (const { name, content } of parts) {
    const group = name.startsWith('pack/generator/')
      ? 'generator'
      : name.startsWith('pack/')
        ? 'model pack'
        : name;
    // Base64 takes four letters for three bytes.
    groups.set(group, (groups.get(group) ?? 0) + Math.ceil(content.length / 3) * 4);
  }
  const rows = [
    ['panel script', Buffer.byteLength(page.script)],
    ['panel styles', Buffer.byteLength(page.style)],
    ...groups,
    ['ui.html', Buffer.byteLength(page.html)],
    ['main.js', mainBytes],
  ];
  const total = Buffer.byteLength(page.html) + mainBytes;
  process.stdout.write('Figma plugin file\n');
  for (const [name, bytes] of rows) process.stdout.write(`  ${name.padEnd(16)}${megabytes(bytes)}\n`);
  process.stdout.write(`  ${'together'.padEnd(16)}${megabytes(total)} of ${megabytes(budget)} allowed\n`);
  if (total > budget) throw new Error('The Figma plugin is larger than its budget.');
}

const megabytes = (bytes) => `${(bytes / MEGABYTE).toFixed(2).padStart(7)} MB`;
