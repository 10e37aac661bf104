/** Numbers as people read them. */

/** "512 × 384". */
export function sizeText(size: { readonly width: number; readonly height: number }): string {
  return `${size.width} × ${size.height}`;
}

/** "1 picture", "3 pictures". */
export function countText(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** "8 seconds", "2 minutes", "1 hour 10 minutes": rounded as an estimate deserves. */
export function durationText(seconds: number): string {
  if (seconds < 1) return 'a moment';
  if (seconds < 55) return countText(roundTo(seconds, seconds < 10 ? 1 : 5), 'second');
  const exact = Math.max(1, Math.round(seconds / 60));
  if (exact < 60) return countText(exact, 'minute');
  const minutes = roundTo(exact, 10);
  const hours = countText(Math.floor(minutes / 60), 'hour');
  return minutes % 60 ? `${hours} ${countText(minutes % 60, 'minute')}` : hours;
}

/** "about 2 minutes left". */
export function leftText(seconds: number | null): string {
  return seconds === null ? '' : seconds < 1 ? 'nearly done' : `about ${durationText(seconds)} left`;
}

/** "850 ms", "1.4 s". */
export function millisecondsText(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** "0.13 megapixels a second". */
export function speedText(pixelsPerSecond: number): string {
  const megapixels = pixelsPerSecond / 1e6;
  return `${megapixels.toPrecision(2)} megapixels a second`;
}

/** "30 %". */
export function percentText(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function roundTo(value: number, step: number): number {
  return Math.max(step, Math.round(value / step) * step);
}
