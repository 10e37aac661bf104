import { unzipSync } from 'fflate';
import { EnlargerError } from '../../../core/errors.js';
import { diagnosticsText } from '../../../ui/state/diagnostics.js';
import { linkBase } from '../../../ui/state/link-base.js';
import { pictureFile } from '../../../ui/state/save-file.js';
import { FACTS } from '../fakes.js';

const piece = (x: number, bytes: number[]) => ({
  x,
  y: 0,
  width: 2,
  height: 2,
  format: 'png' as const,
  bytes: new Uint8Array(bytes),
});

describe('a rescued picture', () => {
  it('is a file of its own', async () => {
    const { name, blob } = pictureFile('Logo', { width: 2, height: 2, pieces: [piece(0, [1, 2])] });
    expect([name, blob.type]).toEqual(['Logo 2x2.png', 'image/png']);
    expect(new Uint8Array(await blob.arrayBuffer())).toEqual(new Uint8Array([1, 2]));
  });

  it('in pieces is a zip with all of them', async () => {
    const pieces = [piece(0, [1]), piece(2, [2])];
    const { name, blob } = pictureFile('A/B', { width: 4, height: 2, pieces });
    expect(name).toBe('A B 4x2.zip');
    const files = unzipSync(new Uint8Array(await blob.arrayBuffer()));
    expect(Object.keys(files)).toEqual(['A B x0 y0.png', 'A B x2 y0.png']);
    expect([...files['A B x2 y0.png']]).toEqual([2]);
  });
});

describe('diagnostics', () => {
  const input = {
    info: {
      kind: 'figma',
      title: 'Figma',
      maxSidePx: 4096,
      formats: ['png', 'jpeg'],
      abilities: {
        placements: ['replace'],
        pieces: true,
        documentStore: true,
        personalStore: true,
        groupedUndo: true,
      },
    },
    timings: null,
    userAgent: 'Browser/1',
    secureContext: true,
    crossOriginIsolated: false,
  } as const;

  it('tell editor, engine and stages', () => {
    const results = [
      {
        engine: 'webgpu' as const,
        inputWidth: 10,
        inputHeight: 5,
        stages: [{ factor: 4 as const, width: 40, height: 20, milliseconds: 900 }],
      },
    ];
    const text = diagnosticsText({
      ...input,
      engine: { kind: 'ready', facts: FACTS },
      timings: { results, pixels: 800, milliseconds: 900 },
    });
    expect(text).toContain('Editor: Figma (figma)');
    expect(text).toContain('Largest picture: 4096 px');
    expect(text).toContain('Engine: WebGPU: Test adapter');
    expect(text).toContain('Last job: 10 × 5 on webgpu: x4 to 40 × 20 in 900 ms');
  });

  it('tell how much slower a processor is, and why it does the work', () => {
    const facts = {
      ...FACTS,
      name: 'wasm',
      description: 'WebAssembly, 1 thread',
      reason: 'The graphics card is not used: WebGPU offers no graphics adapter here.',
      operationsPerSecond: 2.5e10,
      slowdown: { times: 36, than: 'laptop' },
    } as const;
    const text = diagnosticsText({ ...input, engine: { kind: 'ready', facts }, timings: null });
    expect(text).toContain(
      'Engine: CPU, about 35 times slower than a laptop’s graphics card (WebAssembly, 1 thread); The graphics card is not used: WebGPU offers no graphics adapter here.',
    );
    expect(text).toContain('25 billion operations a second');
  });

  it('tell why an engine did not start', () => {
    const error = new EnlargerError('backend-unavailable', 'It does not start.', '', {
      cause: new Error('no adapter'),
    });
    const text = diagnosticsText({ ...input, engine: { kind: 'failed', error } });
    expect(text).toContain('Engine: failed (backend-unavailable): It does not start.');
    expect(text).toContain('Cause: no adapter');
  });
});

describe('links', () => {
  const page = { href: 'https://a.org/panel.html#x', referrer: 'https://b.org/play', framed: true };
  it('begin with an address that others can open, or with nothing', () => {
    expect(linkBase('web', page)).toBe('https://b.org/play');
    expect(linkBase('fabric', page)).toBe('https://b.org/play');
    expect(linkBase('figma', page)).toBe('');
    expect(linkBase('photopea', page)).toBe('');
    expect(linkBase('web', { ...page, framed: false })).toBe('https://a.org/panel.html');
    expect(linkBase('web', { ...page, referrer: '' })).toBe('');
    expect(linkBase('web', { href: 'about:srcdoc', referrer: '', framed: false })).toBe('');
  });
});
