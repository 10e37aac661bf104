/**
 * Presets come from documents, files and links of people nobody knows. Whatever is in them: a typed error with a
 * sentence or a preset within all bounds, in bounded time, and nothing else of the program changed.
 */

import fc from 'fast-check';
import { deflateSync, strToU8 } from 'fflate';
import { EnlargerError } from '../../../core/errors.js';
import { planCascade } from '../../../core/pipeline/cascade.js';
import { toBase64Url } from '../../../plugin/presets/base64url.js';
import { describePreset, settingsOf } from '../../../plugin/presets/draft.js';
import { readPresetFile, writePresetFile } from '../../../plugin/presets/file.js';
import { PresetLibrary } from '../../../plugin/presets/library.js';
import { presetFromLink } from '../../../plugin/presets/link.js';
import type { Preset } from '../../../plugin/presets/preset.js';
import { parsePreset, parsePresetText } from '../../../plugin/presets/schema.js';
import { FakeStore, samplePreset, testChance } from './fake-store.js';

const RUNS = { numRuns: 2000 };
/** Of runs that take longer. */
const FEWER_RUNS = { numRuns: 1000 };

const BOMBS = [1, 300_000, 5_000_000].map((length) => deflateSync(new Uint8Array(length)));

const nastyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 100 }),
  fc.constantFrom(
    '',
    '__proto__',
    'constructor',
    '\u0000\u0007\u001b[31m',
    '\u202Egnp.exe\u202C',
    '\uD800',
    '\uDC00\uD800',
    '<img src=x onerror=alert(1)>',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: that is the point.
    '${alert(1)}',
    '\u0300'.repeat(500),
    'a'.repeat(3000),
    '2026-03-01T12:00:00Z',
    '99999999999999999999.0',
    '1.0',
    '2.0',
    '-1.0',
  ),
);
const nastyNumber = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom(Number.NaN, Infinity, -Infinity, -0, 1e308, 2 ** 53, 2 ** 53 + 2, 5e-324, 0.1 + 0.2),
);
const nastyValue: fc.Arbitrary<unknown> = fc.oneof(
  { maxDepth: 3 },
  nastyText,
  nastyNumber,
  fc.anything({
    withNullPrototype: true,
    withSparseArray: true,
    withTypedArray: true,
    withBigInt: true,
    withDate: true,
    withMap: true,
  }),
  fc.constantFrom(null, undefined, true, [], {}, Object.create(null), () => 1, Symbol('x')),
  fc.constant(0).map(() => nested(5000)),
  fc.constant(0).map(cyclic),
  fc.constant(0).map(throwing),
);

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) value = i % 2 ? [value] : { value };
  return value;
}

function cyclic(): unknown {
  const value: Record<string, unknown> = {};
  value.value = [value];
  return value;
}

function throwing(): unknown {
  return new Proxy(
    {},
    {
      get: () => {
        throw new RangeError('trap');
      },
      ownKeys: () => {
        throw 'not even an error';
      },
    },
  );
}

const fields = [
  ...['format', 'id', 'name', 'author', 'target', 'detail', 'steps', 'seedPolicy', 'pack', 'promptTemplate'],
  ...['changed', 'target.scale', 'target.width', 'seedPolicy.kind', 'seedPolicy.seed', 'extra', '__proto__'],
  ...['constructor', 'toString', 'hasOwnProperty', 'then', 'toJSON'],
];

/** A good preset in which some places hold what should not be there. */
const nastyPreset = fc
  .array(fc.tuple(fc.constantFrom(...fields), nastyValue), { maxLength: 4 })
  .map((changes) => {
    const preset: Record<string, unknown> = JSON.parse(
      JSON.stringify(samplePreset({ seedPolicy: { kind: 'fixed', seed: 1 } })),
    );
    for (const [path, value] of changes) {
      const [first, second] = path.split('.');
      const inner = preset[first];
      if (second && typeof inner === 'object' && inner !== null)
        Object.defineProperty(inner, second, { value, enumerable: true, configurable: true, writable: true });
      else
        Object.defineProperty(preset, first, { value, enumerable: true, configurable: true, writable: true });
    }
    return preset;
  });

/** The same as a text, as far as JSON can say it, with numbers that no JSON.stringify writes. */
const nastyJson = fc.oneof(
  nastyPreset.map(asJson),
  nastyPreset.map((preset) => asJson(preset).replace(/0\.3/, '1e999').replace(/4/, '-1e-999')),
  nastyPreset.chain((preset) => {
    const text = asJson(preset);
    return fc.nat(text.length).map((at) => text.slice(0, at));
  }),
  fc.json(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '['.repeat(50_000),
    '{"a":'.repeat(50_000),
    `[${'0,'.repeat(60_000)}0]`,
    '"\\ud800"',
    '\ufeff{}',
  ),
);

function asJson(value: unknown): string {
  try {
    return JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? String(inner) : inner)) ?? '';
  } catch {
    return '{';
  }
}

/** Nothing but a typed error with a sentence in it. */
function expectTyped(error: unknown): void {
  expect(error).toBeInstanceOf(EnlargerError);
  const { code, message } = error as EnlargerError;
  expect(code).toBe('preset-invalid');
  expect(message).toMatch(/\.$/);
  expect(message.length).toBeLessThan(2000);
}

/** Within all bounds, and usable. */
function expectGood(preset: Preset): void {
  expect(Object.getPrototypeOf(preset)).toBe(Object.getPrototypeOf({}));
  expect(preset.id).toMatch(/^[a-z0-9][a-z0-9-]{0,63}$/);
  for (const text of [preset.name, preset.author, preset.promptTemplate ?? '']) {
    expect(typeof text).toBe('string');
    expect(text.length).toBeLessThanOrEqual(2000);
    expect(text).not.toMatch(/[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/u);
  }
  const settings = settingsOf(preset, () => 0.5);
  expect(settings.detail >= 0 && settings.detail <= 1).toBe(true);
  expect(Number.isSafeInteger(settings.seed) && settings.seed >= 0).toBe(true);
  expect(Object.keys(settings.target)).toHaveLength(1);
  if ('scale' in settings.target) planCascade({ width: 10, height: 7 }, settings.target, [2, 4]);
  expect(describePreset(preset).length).toBeLessThan(100);
  const text = JSON.stringify(preset);
  expect(text.length).toBeLessThanOrEqual(256 * 1024);
  expect(parsePresetText(text)).toEqual(preset);
}

function tryIt(read: () => Preset): void {
  let preset: Preset;
  try {
    preset = read();
  } catch (error) {
    expectTyped(error);
    return;
  }
  expectGood(preset);
}

const untouched = () => {
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(({} as Record<string, unknown>).admin).toBeUndefined();
};
afterEach(untouched);

describe('hostile', () => {
  it('values', () => {
    fc.assert(
      fc.property(fc.oneof(nastyPreset, nastyValue), (value) => tryIt(() => parsePreset(value))),
      RUNS,
    );
  }, 120_000);

  it('texts', () => {
    fc.assert(
      fc.property(nastyJson, (text) => tryIt(() => parsePresetText(text))),
      RUNS,
    );
  }, 120_000);

  it('files', () => {
    const file = fc.oneof(
      nastyJson,
      fc.array(nastyPreset, { maxLength: 5 }).map((presets) => asJson({ format: '1.0', presets })),
      nastyValue.map((presets) => asJson({ format: '1.0', presets })),
    );
    fc.assert(
      fc.property(file, nastyText, (text, name) => {
        try {
          const { presets, problems } = readPresetFile(text, name.slice(0, 50));
          presets.forEach(expectGood);
          expect(presets.length + problems.length).toBeGreaterThan(0);
          expect(readPresetFile(writePresetFile(presets)).presets).toEqual(presets);
        } catch (error) {
          expectTyped(error);
        }
      }),
      FEWER_RUNS,
    );
  }, 120_000);

  it('links', () => {
    const packed = fc.oneof(
      nastyJson.map((text) => deflateSync(strToU8(text))),
      fc.uint8Array({ maxLength: 200 }),
      // Good ones with a byte changed.
      fc.tuple(nastyJson, fc.nat(), fc.nat(255)).map(([text, at, byte]) => {
        const bytes = deflateSync(strToU8(text));
        bytes[at % bytes.length] = byte;
        return bytes;
      }),
      fc.constantFrom(...BOMBS),
    );
    const link = fc.oneof(
      { weight: 10, arbitrary: packed.map((bytes) => `https://example.org/#preset=${toBase64Url(bytes)}`) },
      { weight: 2, arbitrary: nastyText.map((text) => `#preset=${text}`) },
      { weight: 1, arbitrary: nastyText },
    );
    fc.assert(
      fc.property(link, (text) => tryIt(() => presetFromLink(text))),
      FEWER_RUNS,
    );
  }, 240_000);

  it('documents', async () => {
    const key = fc.oneof(
      fc.constantFrom(
        'preset.a',
        'preset.b',
        'preset.a.v.0',
        'preset.a.v.1',
        'preset.a.v.9999',
        'preset.__proto__',
      ),
      fc.constantFrom(
        'preset.constructor',
        'preset.',
        'preset-default.value',
        'preset-last.value',
        'preset.a.constructor.0',
      ),
      fc.constantFrom('preset-default.value.v.0', 'other', '__proto__'),
      nastyText,
    );
    const value = fc.oneof(nastyJson, nastyText, fc.constantFrom('v', 'constructor', '__proto__'));
    const rubbish = fc.array(fc.tuple(key, value), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(rubbish, nastyPreset, fc.nat(3), async (entries, content, broken) => {
        const document = new FakeStore(1_000_000);
        const chance = testChance();
        const writer = new PresetLibrary({ document, personal: document, ...chance });
        await writer.add(samplePreset(), 'document');
        for (const [name, text] of entries) if (text) document.values.set(name, text);
        // Chunks that prove themselves and hold a hostile preset under the id of a good one.
        await hijack(document, chance, asJson(content));
        if (broken === 0) document.get = async () => 7 as never;
        if (broken === 1) document.keys = async () => ({ length: -1 }) as never;
        const library = new PresetLibrary({ document, personal: document, ...chance });
        await library.refresh();
        for (const { preset } of library.state.entries) expectGood(preset);
        for (const { message } of library.state.notices) expect(message).toMatch(/\.$/);
        // It goes on working.
        const { entry } = {
          entry: await library.add(samplePreset({ id: 'mine', name: 'Mine' }), 'document'),
        };
        await library.setDefault(entry);
        await library.markUsed(entry.preset);
        await library.refresh();
        expect(library.defaultEntry?.preset.name).toContain('Mine');
      }),
      { numRuns: 150 },
    );
  }, 240_000);
});

/** Stores a text as a whole and proven version of a preset. */
async function hijack(
  document: FakeStore,
  chance: ReturnType<typeof testChance>,
  text: string,
): Promise<void> {
  const { VersionStore } = await import('../../../plugin/presets/version-store.js');
  const options = { prefix: 'preset', maxLength: 1_000_000, place: 'x', timeoutMs: 5000 };
  const versions = new VersionStore({ store: document, ...options, ...chance });
  await versions.write('soft-photos', text);
}
