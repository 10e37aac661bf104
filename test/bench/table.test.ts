import { markdownTable, mean, median } from '../../bench/table.js';

it('markdownTable aligns names left and numbers right', () => {
  expect(
    markdownTable(
      ['method', 'dB'],
      [
        ['a', 3],
        ['bicubic', '28.42'],
      ],
    ),
  ).toBe(
    ['| method  |    dB |', '| ------- | ----: |', '| a       |     3 |', '| bicubic | 28.42 |'].join('\n'),
  );
});

it('median takes the middle, or the mean of the two in the middle', () => {
  expect(median([5, 1, 9])).toBe(5);
  expect(median([4, 1, 9, 2])).toBe(3);
  expect(mean([1, 2, 6])).toBe(3);
});
