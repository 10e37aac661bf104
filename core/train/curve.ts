/** The loss curve of a run as an SVG document: every logged value faint, their running mean strong. */

export interface CurvePoint {
  readonly step: number;
  readonly loss: number;
}

const WIDTH = 720;
const HEIGHT = 360;
const MARGIN = { left: 64, right: 16, top: 32, bottom: 40 };

/** Logarithmic loss over steps. `points` are in order of steps; at least two are needed for a line. */
export function curveSvg(title: string, points: readonly CurvePoint[]): string {
  const smooth = runningMean(points, Math.max(1, Math.round(points.length / 60)));
  const last = points.at(-1)?.step ?? 1;
  // The first steps are far off and would squeeze everything else.
  const settled = smooth.slice(Math.floor(smooth.length / 50)).map((p) => p.loss);
  const low = Math.log(Math.min(...settled) * 0.97);
  const high = Math.log(Math.max(...settled) * 1.03);
  const x = (step: number) => MARGIN.left + (step / last) * (WIDTH - MARGIN.left - MARGIN.right);
  const y = (loss: number) => {
    const unit = (Math.log(loss) - low) / (high - low || 1);
    return HEIGHT - MARGIN.bottom - Math.min(1.04, Math.max(0, unit)) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  };
  const line = (list: readonly CurvePoint[]) =>
    list.map((p) => `${x(p.step).toFixed(1)},${y(p.loss).toFixed(1)}`).join(' ');
  const ticks = Array.from({ length: 5 }, (_, i) => Math.exp(low + ((high - low) * i) / 4));
  const labels = ticks.map(
    (loss) =>
      `<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${y(loss)}" y2="${y(loss)}" stroke="#e4e4e7"/>` +
      `<text x="${MARGIN.left - 8}" y="${y(loss) + 4}" text-anchor="end">${loss.toPrecision(3)}</text>`,
  );
  const steps = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const step = Math.round(share * last);
    return `<text x="${x(step)}" y="${HEIGHT - 16}" text-anchor="middle">${step}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" font-family="sans-serif" font-size="12" fill="#3f3f46">
<rect width="100%" height="100%" fill="#fff"/>
<text x="${MARGIN.left}" y="20" font-size="14">${title}</text>
${labels.join('\n')}
${steps.join('\n')}
<polyline fill="none" stroke="#a5b4fc" stroke-width="0.6" points="${line(points)}"/>
<polyline fill="none" stroke="#4338ca" stroke-width="2" points="${line(smooth)}"/>
</svg>`;
}

function runningMean(points: readonly CurvePoint[], window: number): CurvePoint[] {
  let sum = 0;
  return points.map((point, i) => {
    sum += point.loss;
    if (i >= window) sum -= points[i - window].loss;
    return { step: point.step, loss: sum / Math.min(i + 1, window) };
  });
}
