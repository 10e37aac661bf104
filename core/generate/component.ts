/**
 * A component of a generator, ready to run: takes a few items, each a set of plain arrays by role, and makes of them
 * the batches and the types that the network wants. Owns its program, which is loaded when it is first needed.
 */

import { EnlargerError } from '../errors.js';
import type { Dim, ModelPort } from '../graph/index.js';
import type { LoadedPack } from '../pack/load.js';
import type { ComponentRole, PackComponent } from '../pack/schema.js';
import type { Engine, HostTensor, Program } from '../runtime/engine.js';
import { type BoundPorts, bindPorts, type PortRoles } from './ports.js';
import { toFloats, toTensor } from './tensors.js';

/** One array without its batch dimension; dims of a single number are empty. */
export interface Item {
  readonly dims: readonly number[];
  readonly data: Float32Array | readonly number[];
}

export interface ItemResult {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

export class Component {
  readonly entry: PackComponent;
  readonly ports: BoundPorts;
  private readonly bytes: Uint8Array;
  private readonly main: ModelPort;
  private program: Promise<Program> | undefined;

  /** @throws EnlargerError `pack-missing-component`, `pack-invalid`. */
  constructor(
    pack: LoadedPack,
    role: ComponentRole,
    roles: PortRoles,
    private readonly engine: Engine,
  ) {
    const { entry, bytes } = pack.component(role);
    this.entry = entry;
    this.bytes = bytes;
    this.ports = bindPorts(entry, bytes, roles);
    this.main = this.ports.inputs[Object.keys(roles.inputs)[0]];
  }

  /**
   * Runs all items, as many at once as the component takes. Roles that the component has no input for are left out.
   * @throws EnlargerError `out-of-memory`, `generator-failed` when the component cannot be run,
   *   `pack-invalid` when what it makes is not one result per item.
   */
  async run(items: readonly Readonly<Record<string, Item>>[]): Promise<Record<string, ItemResult>[]> {
    const [batch] = this.main.shape;
    const most = typeof batch === 'number' ? batch : items.length;
    const results: Record<string, ItemResult>[] = [];
    for (let i = 0; i < items.length; i += most) {
      const part = items.slice(i, i + most);
      // A batch of fixed size is filled up with copies whose results are dropped.
      const filled = Array.from({ length: most }, (_, k) => part[Math.min(k, part.length - 1)]);
      results.push(...(await this.runBatch(filled)).slice(0, part.length));
    }
    return results;
  }

  async dispose(): Promise<void> {
    const { program } = this;
    this.program = undefined;
    await (await program?.catch(() => undefined))?.dispose();
  }

  private async runBatch(items: readonly Readonly<Record<string, Item>>[]) {
    const feeds: Record<string, HostTensor> = {};
    for (const [role, port] of Object.entries(this.ports.inputs)) {
      const parts = items.map((item) => item[role]);
      if (parts.some((part) => part === undefined))
        throw new EnlargerError(
          'pack-invalid',
          `The component ${this.entry.file} needs the ${role}, which no other component of the pack makes.`,
        );
      feeds[port.name] = this.tensor(port, parts);
    }
    const made = await this.execute(feeds);
    const results: Record<string, ItemResult>[] = items.map(() => ({}));
    for (const [role, { name }] of Object.entries(this.ports.outputs)) {
      const tensor = made[name];
      const [count, ...dims] = tensor.dims;
      if (count !== items.length)
        throw new EnlargerError(
          'pack-invalid',
          `The component ${this.entry.file} made a "${name}" of ${tensor.dims.join(' x ')} from ${items.length} inputs.`,
        );
      const data = toFloats(tensor);
      const size = data.length / count;
      for (const [i, result] of results.entries())
        result[role] = { dims, data: data.subarray(i * size, (i + 1) * size) };
    }
    return results;
  }

  private tensor(port: ModelPort, parts: readonly Item[]): HostTensor {
    const [first] = port.shape;
    // A single number such as the time may be wanted once for the whole batch.
    const copies = parts[0].dims.length > 0 || this.isBatch(first) ? parts.length : Number(first) || 1;
    const used = Array.from({ length: copies }, (_, i) => parts[Math.min(i, parts.length - 1)]);
    // ... and with dimensions of one behind it.
    const ones = parts[0].dims.length > 0 ? parts[0].dims : port.shape.slice(1).map(() => 1);
    const dims = port.shape.length === 0 ? [] : [copies, ...ones];
    return toTensor(port.dtype, dims, join(used));
  }

  private isBatch(dim: Dim | undefined): boolean {
    const [batch] = this.main.shape;
    return typeof dim === 'object' && typeof batch === 'object' && dim.symbol === batch.symbol;
  }

  private async execute(feeds: Record<string, HostTensor>): Promise<Record<string, HostTensor>> {
    try {
      const loading = this.program ?? this.engine.load(this.bytes);
      this.program = loading;
      // A failed load must not be remembered as the answer for good.
      loading.catch(() => {
        if (this.program === loading) this.program = undefined;
      });
      return await (await loading).run(feeds);
    } catch (cause) {
      if (cause instanceof EnlargerError && cause.code !== 'internal' && cause.code !== 'graph-invalid')
        throw cause;
      throw new EnlargerError(
        'generator-failed',
        `The component ${this.entry.file} of the generator could not be run.`,
        'Its pack.json may not describe it rightly, or the engine lacks something it needs.',
        { cause },
      );
    }
  }
}

/** The values of all items, one after the other. Whole numbers up to 2^24 stay exact. */
function join(items: readonly Item[]): Float32Array {
  const all = new Float32Array(items.reduce((sum, { data }) => sum + data.length, 0));
  let at = 0;
  for (const { data } of items) {
    all.set(data, at);
    at += data.length;
  }
  return all;
}
