/** What a person sends along when something does not work: facts on editor, engine and last job, no pictures or names. */

import type { HostInfo } from '../../plugin/host.js';
import type { EngineStatus, Timings } from './engine-state.js';
import { comparisonText, engineText } from './engine-words.js';
import { millisecondsText, sizeText, speedText } from './words.js';

export interface DiagnosticsInput {
  readonly info: HostInfo;
  readonly engine: EngineStatus;
  readonly timings: Timings | null;
  readonly userAgent: string;
  readonly secureContext: boolean;
  readonly crossOriginIsolated: boolean;
}

/** Plain text, one fact a line. */
export function diagnosticsText(input: DiagnosticsInput): string {
  const { info, engine, timings } = input;
  const lines = [
    `Editor: ${info.title} (${info.kind})`,
    `Largest picture: ${info.maxSidePx === null ? 'no limit' : `${info.maxSidePx} px`}; takes ${info.formats.join(', ')}`,
    `Browser: ${input.userAgent}`,
    `Secure context: ${yesNo(input.secureContext)}; cross-origin isolated: ${yesNo(input.crossOriginIsolated)}`,
  ];
  if (engine.kind === 'starting') lines.push('Engine: starting');
  else if (engine.kind === 'failed') {
    const { code, message, cause } = engine.error;
    lines.push(`Engine: failed (${code}): ${message}`);
    if (cause instanceof Error) lines.push(`Cause: ${cause.message}`);
  } else {
    const { facts } = engine;
    lines.push(
      `Engine: ${engineText(facts)}${facts.name === 'wasm' ? ` (${facts.description})` : ''}; ${facts.reason}`,
      ...(comparisonText(facts) ? [comparisonText(facts)] : []),
      `Speed: ${speedText(facts.pixelsPerSecond)}; started in ${millisecondsText(facts.startMs)}`,
      `Pack: ${facts.pack.name} (${facts.pack.licence})`,
    );
  }
  for (const { engine: name, stages, inputWidth, inputHeight } of timings?.results ?? []) {
    const steps = stages.map(
      ({ factor, width, height, milliseconds }) =>
        `x${factor} to ${sizeText({ width, height })} in ${millisecondsText(milliseconds)}`,
    );
    lines.push(
      `Last job: ${sizeText({ width: inputWidth, height: inputHeight })} on ${name}: ${steps.join('; ')}`,
    );
  }
  return lines.join('\n');
}

const yesNo = (value: boolean) => (value ? 'yes' : 'no');
