import type { PictureRef, Selection } from '../../../plugin/host.js';
import { planSelection } from '../../../ui/state/plan.js';

const picture = (key: string, width: number, height: number): PictureRef => ({
  ref: `ref-${key}-${width}`,
  key,
  width,
  height,
  source: 'original',
  tiles: false,
});
const layer = (id: string, ...pictures: PictureRef[]) => ({ id, name: id, pictures, skip: null });
const selection = (...layers: Selection['layers']): Selection => ({ layers, generated: null });

describe('plan of a selection', () => {
  it('counts pixels of equal pictures once', () => {
    const same = picture('a', 100, 50);
    const plan = planSelection(
      selection(layer('1', same), layer('2', same), layer('3', picture('b', 10, 10))),
      { scale: 2 },
      null,
      'clamp',
    );
    expect(plan.pixels).toBe(200 * 100 + 20 * 20);
    expect(plan.ready).toBe(3);
    expect(plan.layers[0].pictures[0].result).toEqual({ width: 200, height: 100 });
  });

  it('leaves out what is skipped and says why a size is none', () => {
    const plan = planSelection(
      selection(
        { id: 's', name: 's', pictures: [], skip: { code: 'locked', reason: 'locked' } },
        layer('large', picture('c', 3000, 10)),
        layer('fine', picture('d', 1000, 10)),
      ),
      { longSide: 2000 },
      null,
      'clamp',
    );
    expect(plan.layers[0].skip).toBe('locked');
    expect(plan.layers[1].pictures[0]).toMatchObject({
      result: null,
      hint: 'Choose from 3000 to 48000 pixels.',
    });
    expect(plan.ready).toBe(1);
  });

  it('reduces to the limit of the editor, or keeps the size for pieces', () => {
    const chosen = selection(layer('1', picture('a', 1000, 500)));
    const clamped = planSelection(chosen, { scale: 8 }, 4096, 'clamp');
    expect(clamped.layers[0].pictures[0].result).toEqual({ width: 4096, height: 2048 });
    const pieces = planSelection(chosen, { scale: 8 }, 4096, 'pieces');
    expect(pieces.layers[0].pictures[0].result).toEqual({ width: 8000, height: 4000 });
    expect([clamped.beyondLimit, pieces.beyondLimit]).toEqual([1, 1]);
    expect(planSelection(chosen, { scale: 4 }, 4096, 'clamp').beyondLimit).toBe(0);
  });

  it('does nothing to a picture that is as large as the editor stores', () => {
    const plan = planSelection(selection(layer('1', picture('a', 4096, 10))), { scale: 2 }, 4096, 'clamp');
    expect(plan.ready).toBe(0);
    expect(plan.layers[0].pictures[0].problem).toContain('as large as the editor stores');
  });
});
