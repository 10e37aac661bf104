import {
  countText,
  durationText,
  leftText,
  millisecondsText,
  percentText,
  sizeText,
  speedText,
} from '../../../ui/state/words.js';

it.each([
  [0.2, 'a moment'],
  [1, '1 second'],
  [8.4, '8 seconds'],
  [33, '35 seconds'],
  [54, '55 seconds'],
  [57, '1 minute'],
  [110, '2 minutes'],
  [3560, '59 minutes'],
  [3590, '1 hour'],
  [4200, '1 hour 10 minutes'],
  [7190, '2 hours'],
  [7200, '2 hours'],
])('a duration of %d seconds is "%s"', (seconds, text) => {
  expect(durationText(seconds)).toBe(text);
});

it('says numbers as people read them', () => {
  expect(leftText(null)).toBe('');
  expect(leftText(0.5)).toBe('nearly done');
  expect(leftText(12)).toBe('about 10 seconds left');
  expect(sizeText({ width: 512, height: 384 })).toBe('512 × 384');
  expect([countText(1, 'layer'), countText(0, 'layer')]).toEqual(['1 layer', '0 layers']);
  expect([millisecondsText(849.6), millisecondsText(1440)]).toEqual(['850 ms', '1.4 s']);
  expect(speedText(130_000)).toBe('0.13 megapixels a second');
  expect(percentText(0.3)).toBe('30 %');
});
