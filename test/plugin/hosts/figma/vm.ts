/**
 * The real, bundled main code of the Figma plugin in a JavaScript VM of its own (QuickJS compiled to wasm): no DOM, no
 * Node, only what Figma's sandbox has. The fake API lives in the same VM; a panel's end of the bridge lives here.
 */

import { build } from 'esbuild';
import type { QuickJSContext, QuickJSHandle } from 'quickjs-emscripten';
import { type ConnectedHost, connectHost } from '../../../../plugin/bridge/connect.js';
import type { Port } from '../../../../plugin/bridge/port.js';
import { loadQuickJs } from '../quickjs.js';
import type { DocumentSpec } from './fake/entry.js';

const bundles = new Map<string, Promise<string>>();

/** Bundled as the build bundles it: one script for ES2017. */
function bundle(entry: string, generator: boolean): Promise<string> {
  const key = `${entry} ${generator}`;
  const made =
    bundles.get(key) ??
    build({
      entryPoints: [entry],
      bundle: true,
      write: false,
      format: 'iife',
      target: 'es2017',
      platform: 'neutral',
      mainFields: ['module', 'main'],
      define: { ENLARGER_GENERATOR: String(generator) },
      logLevel: 'error',
    }).then(({ outputFiles }) => outputFiles[0]?.text ?? '');
  bundles.set(key, made);
  return made;
}

export interface RunSpec {
  readonly command?: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly generator?: boolean;
}

export class FigmaVm {
  private readonly listeners = new Set<(message: unknown) => void>();
  /** What stops each timer that is running. */
  private readonly timers = new Map<number, () => void>();
  private readonly hosts: ConnectedHost[] = [];

  private constructor(private readonly vm: QuickJSContext) {}

  /** A VM with the document and the plugin in it, not yet run. */
  static async open(spec: DocumentSpec, { generator = false }: RunSpec = {}): Promise<FigmaVm> {
    const figma = new FigmaVm((await loadQuickJs()).newContext());
    figma.provideTimers();
    figma.evaluate(await bundle('test/plugin/hosts/figma/fake/entry.ts', false));
    figma.evaluate(`makeFake(${JSON.stringify(spec)})`);
    figma.provideOutbox();
    figma.evaluate(await bundle('plugin/hosts/figma/main.ts', generator));
    return figma;
  }

  /** Opens, runs a command, and connects as the panel does. */
  static async start(
    spec: DocumentSpec,
    run: RunSpec = {},
  ): Promise<{ figma: FigmaVm; host: ConnectedHost }> {
    const figma = await FigmaVm.open(spec, run);
    figma.run(run);
    return { figma, host: await figma.connect() };
  }

  run({ command = 'open', parameters }: RunSpec = {}): void {
    this.evaluate(`fake.run(${JSON.stringify({ command, ...(parameters ? { parameters } : {}) })})`);
  }

  async connect(timeoutMs = 30_000): Promise<ConnectedHost> {
    const host = await connectHost(this.port(), { timeoutMs });
    this.hosts.push(host);
    return host;
  }

  /** The panel's end. What is posted is made anew in the VM; nothing is shared. */
  port(): Port {
    return {
      post: (message) => {
        const handle = this.intoVm(message);
        this.vm.setProp(this.vm.global, 'arrived', handle);
        handle.dispose();
        this.evaluate('fake.fromPanel(arrived)');
      },
      listen: (listener) => {
        this.listeners.add(listener);
        return () => void this.listeners.delete(listener);
      },
    };
  }

  /** Runs code in the VM and gives what it evaluates to, as JSON passes it. */
  ask<T>(code: string): T {
    return JSON.parse(this.evaluate(`JSON.stringify((${code}) ?? null)`) as string) as T;
  }

  /** Runs code in the VM, and whatever it left to be done at once. */
  evaluate(code: string): unknown {
    const result = this.vm.unwrapResult(this.vm.evalCode(code));
    const value: unknown = this.vm.dump(result);
    result.dispose();
    this.settle();
    return value;
  }

  close(): void {
    for (const host of this.hosts) host.disconnect();
    for (const stop of this.timers.values()) stop();
    this.listeners.clear();
    this.vm.dispose();
  }

  private settle(): void {
    const jobs = this.vm.runtime.executePendingJobs();
    this.vm.unwrapResult(jobs);
    jobs.dispose();
  }

  private provideTimers(): void {
    const { vm } = this;
    let count = 0;
    const set = vm.newFunction('setTimeout', (callback, delay) => {
      count += 1;
      const id = count;
      const kept = callback.dup();
      const timer = setTimeout(() => {
        this.timers.delete(id);
        vm.unwrapResult(vm.callFunction(kept, vm.undefined)).dispose();
        kept.dispose();
        this.settle();
      }, vm.getNumber(delay));
      this.timers.set(id, () => {
        clearTimeout(timer);
        kept.dispose();
      });
      return vm.newNumber(id);
    });
    const clear = vm.newFunction('clearTimeout', (handle) => {
      const id = vm.getNumber(handle);
      this.timers.get(id)?.();
      this.timers.delete(id);
    });
    vm.setProp(vm.global, 'setTimeout', set);
    vm.setProp(vm.global, 'clearTimeout', clear);
    set.dispose();
    clear.dispose();
  }

  private provideOutbox(): void {
    const { vm } = this;
    const send = vm.newFunction('send', (json, ...files) => {
      const bytes = files.map((file) => {
        const buffer = vm.getArrayBuffer(file);
        const copy = Uint8Array.from(buffer.value);
        buffer.dispose();
        return copy;
      });
      const message: unknown = JSON.parse(vm.getString(json), (_key, value: unknown) =>
        typeof value === 'object' && value !== null && '$bytes' in value
          ? bytes[value.$bytes as number]
          : value,
      );
      // As late as a real message; a listener that posts at once must not re-enter the VM.
      setImmediate(() => {
        for (const listener of [...this.listeners]) listener(message);
      });
    });
    vm.setProp(vm.global, 'send', send);
    send.dispose();
    this.evaluate(`fake.outbox = (message) => {
      const files = [];
      const json = JSON.stringify(message, (key, value) => {
        if (Object.prototype.toString.call(value) !== '[object Uint8Array]') return value;
        files.push(value.slice().buffer);
        return { $bytes: files.length - 1 };
      });
      send(json, ...files);
    }`);
  }

  private intoVm(value: unknown): QuickJSHandle {
    const { vm } = this;
    if (value === null) return vm.null;
    if (value instanceof Uint8Array) {
      const buffer = vm.newArrayBuffer(value.slice().buffer);
      const make = vm.unwrapResult(vm.evalCode('(buffer) => new Uint8Array(buffer)'));
      const bytes = vm.unwrapResult(vm.callFunction(make, vm.undefined, buffer));
      make.dispose();
      buffer.dispose();
      return bytes;
    }
    switch (typeof value) {
      case 'string':
        return vm.newString(value);
      case 'number':
        return vm.newNumber(value);
      case 'boolean':
        return value ? vm.true : vm.false;
      case 'object': {
        const made = Array.isArray(value) ? vm.newArray() : vm.newObject();
        for (const [key, item] of Object.entries(value)) {
          const handle = this.intoVm(item);
          vm.setProp(made, Array.isArray(value) ? Number(key) : key, handle);
          handle.dispose();
        }
        return made;
      }
      default:
        return vm.undefined;
    }
  }
}
