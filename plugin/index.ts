/**
 * `enlarger/plugin`: everything between an editor and the panel. A new editor implements `Host`, or gives a few
 * callbacks to `createWebHost`; `openPanel` shows the panel beside it.
 */

export { type Beneath, beneathNotice, isSeeThrough } from './beneath.js';
export { type ConnectedHost, type ConnectOptions, connectHost } from './bridge/connect.js';
export {
  channelPort,
  figmaMainPort,
  figmaPagePort,
  memoryPorts,
  type Port,
  windowPort,
} from './bridge/port.js';
export { serveHost } from './bridge/serve.js';
export type {
  CallOptions,
  EngineChoiceName,
  EngineClient,
  EngineFacts,
  StageTime,
  UpscaleRequest,
  UpscaleResult,
} from './engine/engine-client.js';
export type { EngineParts } from './engine/engine-parts.js';
export type {
  CandidateProgress,
  EnlargeCallOptions,
  EnlargeCandidateRequest,
  EnlargedCandidate,
  GenerateCallOptions,
  GeneratedCandidate,
  GeneratedPng,
  GenerateRequest,
  GeneratorClient,
  GeneratorInfo,
  PanelEngine,
} from './engine/generator-client.js';
export { createLocalEngine, type LocalEngineOptions } from './engine/local-engine.js';
export { createPageEngine, servedParts } from './engine/served-parts.js';
export { type EnlargeOptions, enlargePicture } from './enlarge-picture.js';
export * from './host.js';
export * from './hosts/web/index.js';
export type { ItemState, JobItem, JobOptions, JobSettings, JobStatus, JobSummary } from './jobs/job.js';
export { runJob } from './jobs/run-job.js';
export { createLocalStore } from './local-store.js';
export {
  changePreset,
  copyPreset,
  createPreset,
  describePreset,
  type PresetDraft,
  type PresetSettings,
  promptOf,
  settingsOf,
} from './presets/draft.js';
export { type PresetFile, readPresetFile, writePresetFile } from './presets/file.js';
export { type LibraryOptions, openPresetLibrary, PresetLibrary } from './presets/library.js';
export type {
  ImportReport,
  LibraryNotice,
  LibraryState,
  PresetEntry,
  PresetRef,
} from './presets/library-state.js';
export { PRESET_FORMAT } from './presets/limits.js';
export { isPresetLink, presetFromLink, presetToLink } from './presets/link.js';
export type { Preset, PresetTarget, SeedPolicy } from './presets/preset.js';
export { parsePreset } from './presets/schema.js';
