import type { UpscaleRequest } from '../../../plugin/engine/engine-client.js';
import { withResultCache } from '../../../plugin/jobs/result-cache.js';
import { fakeEngine, fakePicture } from './fake-engine.js';

const request = (mark: number, more: Partial<UpscaleRequest> = {}): UpscaleRequest => ({
  bytes: fakePicture(4, 3, mark).bytes,
  target: { scale: 2 },
  seed: 1,
  maxSidePx: null,
  beyondLimit: 'clamp',
  formats: ['png'],
  ...more,
});

describe('withResultCache', () => {
  it('remembers by pixels and every setting', async () => {
    const engine = fakeEngine();
    const cached = withResultCache(engine);
    const first = await cached.upscale(request(1));
    expect(await cached.upscale(request(1))).toBe(first);
    expect(engine.requests).toHaveLength(1);
    for (const change of [
      { seed: 2 },
      { detail: 0.5 },
      { target: { scale: 4 } },
      { crop: { x: 0, y: 0, width: 2, height: 2 } },
      { tiles: true },
    ]) {
      await cached.upscale(request(1, change));
    }
    await cached.upscale(request(2));
    expect(engine.requests).toHaveLength(7);
  });

  it('forgets the least recently used first', async () => {
    const engine = fakeEngine();
    const cached = withResultCache(engine, { entries: 2 });
    await cached.upscale(request(1));
    await cached.upscale(request(2));
    await cached.upscale(request(1));
    await cached.upscale(request(3));
    await cached.upscale(request(1));
    expect(engine.requests).toHaveLength(3);
    await cached.upscale(request(2));
    expect(engine.requests).toHaveLength(4);
  });

  it('keeps no more bytes than allowed, and no failure', async () => {
    let fail = true;
    const engine = fakeEngine({
      beforeTile: () => {
        if (fail) throw new Error('broken');
      },
    });
    const cached = withResultCache(engine, { maxBytes: 3 });
    await expect(cached.upscale(request(1))).rejects.toThrow('broken');
    fail = false;
    await cached.upscale(request(1));
    await cached.upscale(request(1));
    expect(engine.requests).toHaveLength(3);
  });

  it('forgets everything when it is disposed', async () => {
    const engine = fakeEngine();
    const cached = withResultCache(engine);
    await cached.start();
    await cached.upscale(request(1));
    await cached.dispose();
    await cached.upscale(request(1));
    expect(engine.requests).toHaveLength(2);
  });
});
