import { parsePreset, parsePresetText } from '../../../plugin/presets/schema.js';
import { samplePreset } from './fake-store.js';

// biome-ignore lint/suspicious/noExplicitAny: made wrong on purpose.
type Breakable = any;

describe('parsePreset', () => {
  it('accepts a good preset as it is', () => {
    const preset = samplePreset({ steps: 3, promptTemplate: 'a {subject}\nin clay' });
    expect(parsePreset(preset)).toEqual(preset);
    for (const target of [{ width: 640 }, { height: 480 }, { longSide: 4096 }, { shortSide: 1 }])
      expect(parsePreset(samplePreset({ target })).target).toEqual(target);
    const seedPolicy = { kind: 'fixed', seed: 2 ** 53 - 1 } as const;
    expect(parsePreset(samplePreset({ seedPolicy })).seedPolicy).toEqual(seedPolicy);
  });

  it('keeps fields of later minor versions, wherever they are', () => {
    const later = {
      ...samplePreset({ format: '1.9' }),
      style: { rank: 4, weights: ['AAAA', null, true] },
      target: { scale: 2, unit: 'factor' },
      seedPolicy: { kind: 'random', pool: [1, 2] },
    };
    const text = JSON.stringify(later);
    expect(parsePresetText(text)).toEqual(later);
    expect(parsePresetText(JSON.stringify(parsePresetText(text)))).toEqual(later);
  });

  it('refuses a newer major version before it looks at anything else', () => {
    expect(() => parsePreset({ format: '2.0', everything: 'different' })).toThrow(
      expect.objectContaining({
        name: 'EnlargerError',
        code: 'preset-invalid',
        message: 'The preset was made by a newer version of Enlarger (format 2.0).',
        hint: 'Update Enlarger to use it.',
      }),
    );
    expect(() => parsePreset({ format: '0.1' })).toThrow(/too old/);
  });

  it('cleans names of what could mislead', () => {
    const preset = samplePreset({ name: ' Soft\u0000\u202Egnp\n\n photos\uD800 ', author: '\u2066' });
    expect(parsePreset(preset)).toMatchObject({ name: 'Soft gnp photos\uFFFD', author: '' });
  });

  it('leaves out keys that reach into prototypes', () => {
    const text = JSON.stringify(samplePreset()).replace(
      '{',
      '{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}},',
    );
    const preset = parsePresetText(text);
    expect(Object.keys(preset)).toEqual(Object.keys(samplePreset()));
    expect((preset as Breakable).admin).toBeUndefined();
    expect(({} as Breakable).admin).toBeUndefined();
  });

  it.each<[string, RegExp, (preset: Breakable) => void]>([
    ['no format', /no version/, (p) => delete p.format],
    ['a number as format', /no version/, (p) => (p.format = 1)],
    ['no id', /id /, (p) => delete p.id],
    ['an id with dots', /id must be/, (p) => (p.id = '../x')],
    ['a long id', /id must be/, (p) => (p.id = 'a'.repeat(65))],
    ['no name', /name must be a text of 1 to 80/, (p) => delete p.name],
    ['a name of nothing to see', /name must be/, (p) => (p.name = '\u200e \u0007')],
    ['a long name', /name must be/, (p) => (p.name = 'a'.repeat(81))],
    ['a long prompt', /promptTemplate must be/, (p) => (p.promptTemplate = 'a'.repeat(2001))],
    ['detail beyond 1', /detail must be a number from 0 to 1/, (p) => (p.detail = 1.01)],
    ['detail as text', /detail must be/, (p) => (p.detail = '0.5')],
    ['a scale of 17', /target.scale must be a number from 1 to 16/, (p) => (p.target = { scale: 17 })],
    ['half a pixel', /target.width must be a whole number/, (p) => (p.target = { width: 10.5 })],
    ['two sizes', /target must have exactly one/, (p) => (p.target = { scale: 2, width: 5 })],
    ['no size', /target must have exactly one/, (p) => (p.target = {})],
    ['a size of null', /target must be a factor/, (p) => (p.target = null)],
    ['no steps at all', /steps must be a whole number from 1 to 100/, (p) => (p.steps = 0)],
    ['a negative seed', /seedPolicy.seed must be/, (p) => (p.seedPolicy = { kind: 'fixed', seed: -1 })],
    ['an unknown policy', /seedPolicy.kind must be a fixed seed/, (p) => (p.seedPolicy = { kind: 'moon' })],
    ['a pack elsewhere', /pack must be the name/, (p) => (p.pack = '../../etc')],
    ['no date', /changed must be a date/, (p) => (p.changed = 'yesterday')],
    ['not a number', /no number/, (p) => (p.detail = Number.NaN)],
    ['infinity', /no number/, (p) => (p.extra = [1, Infinity])],
    ['too much of it', /too large/, (p) => (p.extra = 'x'.repeat(300_000))],
    ['too many values', /too many values/, (p) => (p.extra = Array(30_000).fill(0))],
  ])('refuses %s', (_, message, breakIt) => {
    const preset: Breakable = samplePreset();
    breakIt(preset);
    expect(() => parsePreset(preset)).toThrow(
      expect.objectContaining({ code: 'preset-invalid', message: expect.stringMatching(message) }),
    );
  });

  it('refuses what lies too deep, what contains itself, and what throws when it is read', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect(() => parsePresetText(deep)).toThrow(expect.objectContaining({ code: 'preset-invalid' }));
    const loop: Breakable = samplePreset();
    loop.self = loop;
    expect(() => parsePreset(loop)).toThrow(/too deep/);
    const trap = new Proxy(samplePreset(), {
      get: () => {
        throw new TypeError('boo');
      },
    });
    expect(() => parsePreset(trap)).toThrow(/cannot be read/);
  });

  it('says where the preset came from, and refuses what is no object', () => {
    expect(() => parsePreset({ format: '1.0' }, 'Preset 3 of team.json')).toThrow(
      /^Preset 3 of team\.json cannot/,
    );
    for (const content of [null, 7, 'preset', [], true, undefined])
      expect(() => parsePreset(content)).toThrow(expect.objectContaining({ code: 'preset-invalid' }));
    expect(() => parsePresetText('{"a":')).toThrow(/not valid JSON/);
  });
});
