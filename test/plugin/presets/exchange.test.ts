import { deflateSync, strToU8 } from 'fflate';
import { fromBase64Url, toBase64Url } from '../../../plugin/presets/base64url.js';
import {
  changePreset,
  copyPreset,
  createPreset,
  describePreset,
  freeName,
  promptOf,
  settingsOf,
} from '../../../plugin/presets/draft.js';
import { readPresetFile, writePresetFile } from '../../../plugin/presets/file.js';
import { isPresetLink, presetFromLink, presetToLink } from '../../../plugin/presets/link.js';
import { samplePreset, testChance } from './fake-store.js';

const other = samplePreset({ id: 'logos', name: 'Logos ✨', detail: 0, target: { longSide: 4096 } });

describe('files of presets', () => {
  it('carry several, with what later versions wrote', () => {
    const later = { ...samplePreset({ format: '1.4' }), mood: { colour: 'blue' } };
    expect(readPresetFile(writePresetFile([later, other]))).toEqual({
      presets: [later, other],
      problems: [],
    });
  });

  it('may be one bare preset', () => {
    expect(readPresetFile(JSON.stringify(other)).presets).toEqual([other]);
  });

  it('give the good ones when some are bad', () => {
    const text = writePresetFile([other, samplePreset({ detail: 7 }), samplePreset({ format: '3.0' })]);
    const { presets, problems } = readPresetFile(text, 'team.json');
    expect(presets).toEqual([other]);
    expect(problems).toEqual([
      expect.stringMatching(/^Preset 2 of team\.json cannot be used: detail must be a number from 0 to 1\./),
      expect.stringMatching(/^Preset 3 of team\.json was made by a newer version .* Update Enlarger/),
    ]);
  });

  it.each([
    ['', /not valid JSON/],
    ['[]', /no version/],
    ['{"format":"1.0","presets":[]}', /no preset in it/],
    ['{"format":"1.0","presets":{"length":1}}', /no list/],
    ['{"format":"9.0","presets":[]}', /newer version/],
    [writePresetFile([samplePreset({ name: '' })]), /name must be/],
    [writePresetFile(Array(201).fill(other)), /more than 200/],
    [' '.repeat(5_000_000), /too long/],
  ])('refuse %.40p', (text, message) => {
    expect(() => readPresetFile(text)).toThrow(
      expect.objectContaining({ code: 'preset-invalid', message: expect.stringMatching(message) }),
    );
  });
});

describe('links', () => {
  it('carry a preset in the fragment, which is all that a server does not see', () => {
    const link = presetToLink(other, 'https://example.org/play?x=1#old');
    expect(link).toMatch(/^https:\/\/example\.org\/play\?x=1#preset=[\w-]+$/);
    expect(link.length).toBeLessThan(350);
    expect(isPresetLink(link)).toBe(true);
    expect(presetFromLink(link)).toEqual(other);
    expect(presetFromLink(presetToLink(other, ''))).toEqual(other);
    expect(presetFromLink(`#theme=dark&${presetToLink(other, '').slice(1)}`)).toEqual(other);
  });

  it('that were cut, changed or are none get a sentence', () => {
    const link = presetToLink(other, '');
    for (const bad of ['', '#', 'https://example.org/', '#preset', '#theme=dark']) {
      expect(isPresetLink(bad)).toBe(false);
      expect(() => presetFromLink(bad)).toThrow(/no preset in it/);
    }
    for (const bad of [link.slice(0, -20), `${link}%20`, `${link.slice(0, 40)}!`, '#preset='])
      expect(() => presetFromLink(bad)).toThrow(expect.objectContaining({ code: 'preset-invalid' }));
    expect(() => presetFromLink(`#preset=${'A'.repeat(40_000)}`)).toThrow(/too long/);
  });

  it('that unpack to more than a preset are stopped early', () => {
    const bomb = toBase64Url(deflateSync(new Uint8Array(20_000_000), { level: 9 }));
    expect(bomb.length).toBeLessThan(32_000);
    expect(() => presetFromLink(`#preset=${bomb}`)).toThrow(/unpacks to more/);
    const large = JSON.stringify({ ...other, extra: 'x'.repeat(250_000) });
    const packed = toBase64Url(deflateSync(strToU8(large), { level: 9 }));
    expect(presetFromLink(`#preset=${packed}`)).toEqual(JSON.parse(large));
  });

  it('cannot carry everything', () => {
    const noise = Array.from({ length: 4000 }, (_, i) => Math.sin(i) * 1e9).join();
    expect(() => presetToLink({ ...other, noise } as typeof other, '')).toThrow(/too large for a link/);
  });

  it('write bytes as Node does', () => {
    for (let length = 0; length < 40; length++) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 89 + length * 31) % 256);
      expect(toBase64Url(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
      expect(fromBase64Url(toBase64Url(bytes))).toEqual(bytes);
    }
    for (const bad of ['A', 'AB=', 'A+//', 'Ä']) expect(fromBase64Url(bad)).toBeNull();
  });
});

describe('making presets', () => {
  const { format: _, id: __, changed: ___, ...draft } = samplePreset();

  it('fills in what nobody decides', () => {
    const preset = createPreset({ ...draft, name: 'Café  für alle' }, testChance());
    expect(preset).toMatchObject({ format: '1.0', name: 'Café für alle', detail: 0.3 });
    expect(preset.id).toMatch(/^cafe-fur-alle-[a-z0-9]+-[a-z0-9]+$/);
    expect(Date.parse(preset.changed)).toBeGreaterThan(Date.UTC(2026, 1, 1));
    expect(createPreset({ ...draft, name: '写真' }, testChance()).id).toMatch(/^preset-/);
    expect(() => createPreset({ ...draft, name: ' ' }, testChance())).toThrow(/name must be/);
  });

  it('changes and copies without losing what it does not know', () => {
    const later = { ...samplePreset({ format: '1.3' }), mood: 'calm' };
    const changed = changePreset(later, { name: 'Softer', target: { width: 500 } }, testChance());
    expect(changed).toMatchObject({ id: later.id, format: '1.3', mood: 'calm', target: { width: 500 } });
    expect(changed.changed).not.toBe(later.changed);
    const copy = copyPreset(later, ['soft PHOTOS'], testChance());
    expect(copy).toMatchObject({ name: 'Soft photos 2', mood: 'calm' });
    expect(copy.id).not.toBe(later.id);
  });

  it('finds names that are free', () => {
    expect(freeName('Soft', [])).toBe('Soft');
    expect(freeName('Soft', ['Soft', 'soft 2'])).toBe('Soft 3');
    expect(freeName('Soft 2', ['Soft 2'])).toBe('Soft 3');
    const long = 'x'.repeat(80);
    expect(freeName(long, [long])).toBe(`${'x'.repeat(78)} 2`);
  });

  it('gives settings to jobs', () => {
    const fixed = samplePreset({
      seedPolicy: { kind: 'fixed', seed: 7 },
      steps: 2,
      target: { longSide: 900, note: 'x' } as never,
    });
    expect(settingsOf(fixed, Math.random)).toEqual({
      target: { longSide: 900 },
      detail: 0.3,
      steps: 2,
      seed: 7,
    });
    const { seed, ...rest } = settingsOf(samplePreset(), () => 0.5);
    expect(rest).toEqual({ target: { scale: 4 }, detail: 0.3 });
    expect(Number.isSafeInteger(seed) && seed > 0).toBe(true);
  });

  it('fills in prompts literally', () => {
    expect(promptOf(samplePreset({ promptTemplate: '{subject} and {subject}' }), '$& x')).toBe(
      '$& x and $& x',
    );
    expect(promptOf(samplePreset(), 'apple')).toBe('apple');
  });

  it('describes them in a few words', () => {
    expect(describePreset(samplePreset())).toBe('4x, detail 30 %');
    const fixed = { seedPolicy: { kind: 'fixed', seed: 7 } } as const;
    expect(describePreset(samplePreset({ ...fixed, target: { shortSide: 90 } }))).toBe(
      'short side 90 px, detail 30 %, seed 7',
    );
    expect(describePreset(other)).toBe('long side 4096 px, faithful');
  });
});
