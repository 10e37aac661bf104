import {
  encodeAnswer,
  measureSpeed,
  parseAnswer,
  runSelfCheck,
  selfCheckFault,
} from '../../../core/pipeline/self-check.js';
import { fakeProvider } from './fake-stage.js';

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

describe('the self-check', () => {
  it('knows its own answer again, also after it was stored', async () => {
    const result = await runSelfCheck(fakeProvider());
    expect(result).toMatchObject({ factor: 4 });
    expect(result.samples).toHaveLength(64 * 64 * 3);
    const answer = parseAnswer(bytes(encodeAnswer('abc', result)), 'abc');
    expect(selfCheckFault(answer, await runSelfCheck(fakeProvider()))).toBeUndefined();
  });

  it.each([
    ['values that are not numbers', Number.NaN],
    ['black', 0],
    ['values that are off', 0.52],
  ])('finds %s', async (_, value) => {
    const answer = encodeAnswer('abc', await runSelfCheck(fakeProvider()));
    const wrong = fakeProvider({
      onRun: (_tile, _run, enlarge) => {
        const out = enlarge();
        out.data.fill(value, 100, 200);
        return out;
      },
    });
    expect(selfCheckFault(answer, await runSelfCheck(wrong))).toMatch(/computes wrongly/);
  });

  it('does not compare answers of another shape', async () => {
    const answer = encodeAnswer('abc', await runSelfCheck(fakeProvider()));
    expect(selfCheckFault(answer, await runSelfCheck(fakeProvider({ factors: [2] })))).toMatch(
      /does not fit/,
    );
  });

  it('belongs to one pack only', async () => {
    const stored = bytes(encodeAnswer('abc', await runSelfCheck(fakeProvider())));
    for (const [content, pack] of [
      [stored, 'abd'],
      [bytes({ pack: 'abc' }), 'abc'],
      [Uint8Array.of(1), 'abc'],
    ] as const)
      expect(() => parseAnswer(content, pack)).toThrow(expect.objectContaining({ code: 'pack-invalid' }));
  });

  it('measures output pixels per second', async () => {
    expect(await measureSpeed(fakeProvider(), 16)).toBeGreaterThan(0);
  });
});
