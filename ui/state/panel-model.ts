/**
 * Everything the panel shows and does, without a view: the parts of ui/state joined, and the editor's events and
 * commands obeyed. Made once per page; `dispose` lets go of what it holds.
 */

import { computed, effect, signal } from '@preact/signals';
import { EnlargerError, toEnlargerError } from '../../core/errors.js';
import { generatorOf, type PanelEngine } from '../../plugin/engine/generator-client.js';
import type { Host, HostCommand, HostInfo, PictureRef, Selection, StoreScope } from '../../plugin/host.js';
import type { PresetDraft } from '../../plugin/presets/draft.js';
import type { PresetLibrary } from '../../plugin/presets/library.js';
import type { PresetEntry } from '../../plugin/presets/library-state.js';
import type { Preset } from '../../plugin/presets/preset.js';
import { createEngineState } from './engine-state.js';
import { createGenerateState } from './generate-state.js';
import { createJobState, type RunJob } from './job-state.js';
import { type Plan, planSelection } from './plan.js';
import { createPresetsState } from './presets-state.js';
import { createPreviewState } from './preview-state.js';
import { createSelectionState } from './selection-state.js';
import { createSettings } from './settings.js';

export type TabName = 'upscale' | 'generate' | 'presets' | 'about';

export interface PanelParts {
  readonly host: Host;
  readonly engine: PanelEngine;
  /** Resolves late or early: the panel works without presets until then. */
  readonly library: Promise<PresetLibrary>;
  readonly runJob: RunJob;
}

/** Pack of presets that were saved before any pack was known. */
const ANY_PACK = 'any';
/** Shown until the pack has said its own. */
const USUAL_DETAIL = 0.6;
const NOTHING: Selection = { layers: [], generated: null };

export type PanelModel = Awaited<ReturnType<typeof createPanelModel>>;

/**
 * Asks the editor what it is and gets ready; engine and presets go on loading behind it.
 * @throws EnlargerError when the editor does not answer.
 */
export async function createPanelModel({ host, engine: client, library, runJob }: PanelParts) {
  const info: HostInfo = await host.info();
  const tab = signal<TabName>('upscale');
  const theme = signal<'light' | 'dark' | null>(null);
  /** A sentence above everything, from a command that could not be done. */
  const message = signal<EnlargerError | null>(null);
  /** The latest announcement for screen readers. */
  const announcement = signal('');
  /** Who saved the last preset, so that the next one need not ask again. */
  const lastAuthor = signal('');
  /** Whether the dialog that saves the settings as a preset is open. */
  const saving = signal(false);
  /** The link in the dialog that imports one; null while it is closed. */
  const linking = signal<string | null>(null);

  const settings = createSettings();
  settings.placement.value = info.abilities.placements[0] ?? 'replace';
  const engine = createEngineState(client);
  const selection = createSelectionState(host, () => job.phase.peek().kind === 'running');
  const presets = createPresetsState(library);
  const preview = createPreviewState(host, engine.client);

  const selected = computed<Selection>(() =>
    selection.status.value.kind === 'ready' ? selection.status.value.selection : NOTHING,
  );
  /** The pack's own choice of detail. */
  const defaultDetail = computed(() =>
    engine.status.value.kind === 'ready' ? engine.status.value.facts.pack.defaultDetail : USUAL_DETAIL,
  );
  /** What the detail slider shows. */
  const detail = computed(() => settings.detail.value ?? defaultDetail.value);
  const plan = computed<Plan>(() =>
    planSelection(selected.value, settings.target.value, info.maxSidePx, settings.beyondLimit.value),
  );
  const job = createJobState({
    host,
    engine: engine.client,
    runJob,
    slowSeconds: (order) => {
      const { target, beyondLimit } = order.settings;
      const { pixels } = planSelection(order.selection, target, info.maxSidePx, beyondLimit);
      return engine.isSlow(pixels) ? engine.secondsFor(pixels) : null;
    },
    onBegin() {
      engine.beginJob();
      preview.pause();
    },
    onEnd: () => void afterJob(),
  });

  const generator = generatorOf(client);
  /** Null for engines that only enlarge. */
  const generate =
    generator &&
    createGenerateState({
      host,
      hostInfo: info,
      generator,
      preset: settings.preset,
      detail: settings.detail,
      announce: (sentence) => {
        announcement.value = sentence;
      },
      onBegin: () => preview.pause(),
      onResult(result) {
        engine.beginJob();
        engine.note(result, true);
      },
      onEnd: () => preview.resume(),
    });

  /** The picture that the preview shows: the one chosen in the list, else the first. */
  const chosen = signal<string | null>(null);
  const previewed = computed<PictureRef | null>(() => {
    const pictures = plan.value.layers
      .filter((layer) => !layer.skip)
      .flatMap((layer) => layer.pictures)
      .filter(({ result }) => result)
      .map(({ picture }) => picture);
    return pictures.find(({ ref }) => ref === chosen.value) ?? pictures[0] ?? null;
  });

  /** Layers that were selected when the last job had ended; null before that is known. */
  let selectedAtEnd: string | null = null;
  const selectedIds = () => selected.value.layers.map(({ id }) => id).join('\n');

  async function afterJob(): Promise<void> {
    if (!settings.seedLocked.value) settings.shuffle();
    preview.resume();
    await selection.refresh();
    selectedAtEnd = selectedIds();
  }

  /** A summary without bad news makes way when something else is selected. */
  async function selectionChanged(): Promise<void> {
    await selection.refresh();
    const phase = job.phase.value;
    if (phase.kind !== 'ended' || selectedAtEnd === null || selectedAtEnd === selectedIds()) return;
    if (phase.summary.failed + phase.summary.cancelled === 0) job.dismiss();
  }

  /** The big button. */
  async function upscale(): Promise<void> {
    message.value = null;
    tab.value = 'upscale';
    selectedAtEnd = null;
    await job.start({ selection: selected.value, settings: settings.toJob() });
  }

  /** One click in the list of presets. */
  function applyPreset(preset: Preset): void {
    settings.apply(preset);
    // Whoever chooses a preset wants its words, too.
    if (generate && preset.promptTemplate) generate.prompt.plain.value = false;
    announcement.value = `Preset ${preset.name} is used.`;
    void presets.used(preset);
  }

  /** What the settings would be as a preset. */
  function draft(): Pick<PresetDraft, 'target' | 'detail' | 'steps' | 'seedPolicy' | 'pack'> {
    const pack = engine.status.value.kind === 'ready' ? engine.status.value.facts.pack.name : null;
    return {
      target: settings.target.value,
      detail: detail.value,
      ...(settings.steps.value === undefined ? {} : { steps: settings.steps.value }),
      seedPolicy: settings.seedPolicy(),
      pack: pack ?? settings.preset.value?.pack ?? ANY_PACK,
    };
  }

  /** The settings as a new preset; null (and `presets.error`) when that fails. */
  async function savePreset(
    { promptTemplate, ...names }: Pick<PresetDraft, 'name' | 'author' | 'promptTemplate'>,
    scope: StoreScope,
  ): Promise<PresetEntry | null> {
    const words = promptTemplate?.trim() ? { promptTemplate: promptTemplate.trim() } : {};
    const made = await presets.create({ ...draft(), ...names, ...words }, scope);
    if (!made) return null;
    lastAuthor.value = names.author;
    applyPreset(made.preset);
    return made;
  }

  async function updatePreset(entry: PresetEntry): Promise<void> {
    const changed = await presets.update(entry, draft());
    if (changed) applyPreset(changed.preset);
  }

  /** A command of the editor: a menu entry, a quick action, a relaunch button. */
  async function obey(command: HostCommand): Promise<void> {
    if (job.phase.value.kind === 'running' || generate?.placing.phase.value.kind === 'running') return;
    message.value = null;
    try {
      if (command.command === 'presets') tab.value = 'presets';
      else if (command.command === 'open') {
        await presets.ready;
        const standard = presets.forCommand(command);
        if (standard && settings.untouched()) settings.apply(standard);
      } else if (command.command === 'upscale' || command.command === 'upscale-last-preset') {
        tab.value = 'upscale';
        job.dismiss();
        await Promise.all([presets.ready, selection.refresh()]);
        const preset = presets.forCommand(command);
        if (preset) {
          settings.apply(preset);
          void presets.used(preset);
        }
        if (command.scale !== undefined) settings.setTarget({ scale: command.scale });
        if (plan.value.ready > 0) await upscaleWhenReady();
      } else if (command.command === 'generate') await openGenerate();
    } catch (error) {
      message.value = toEnlargerError(error);
    }
  }

  /** One click starts the job at once: it waits for the engine, so that a slow run is still asked about. */
  async function upscaleWhenReady(): Promise<void> {
    if (await engine.started()) await upscale();
  }

  /** Shows the tab at once, and fills in what the selected picture was made from when that is known. */
  async function openGenerate(): Promise<void> {
    if (generate) {
      generate.awaited.value = true;
      tab.value = 'generate';
      const [facts] = await Promise.all([engine.started(), selection.refresh()]);
      const found = generate.info.value ?? (facts && (await generate.load()));
      generate.awaited.value = false;
      if (found) return generate.vary(selected.value.generated);
      tab.value = 'upscale';
      // The engine's own failure is shown there.
      if (!facts) return;
    }
    throw new EnlargerError(
      'generator-failed',
      'This version cannot generate pictures.',
      'Select a picture to enlarge it.',
    );
  }

  const stopAsking = effect(() => {
    if (engine.status.value.kind === 'ready') void generate?.load();
  });
  const stopSharing = effect(() => {
    // Others may have changed what is kept with the document.
    if (tab.value === 'presets') presets.refresh();
  });
  const unsubscribe = host.subscribe((event) => {
    if (event.kind === 'selection') void selectionChanged();
    else if (event.kind === 'theme') theme.value = event.theme;
    else void obey(event.command);
  });
  const stopFollowing = effect(() => {
    const picture = previewed.value;
    // While a job writes, pictures change under the preview: it follows again at the end.
    if (job.phase.value.kind !== 'running') void preview.show(picture);
  });

  void engine.start();
  const opened = host
    .command()
    .then(obey)
    .catch((error: unknown) => {
      message.value = toEnlargerError(error);
    });
  void selection.refresh();

  return {
    host,
    info,
    tab,
    theme,
    message,
    announcement,
    saving,
    linking,
    lastAuthor,
    settings,
    detail,
    defaultDetail,
    engine,
    selection,
    selected,
    presets,
    preview,
    plan,
    job,
    generate,
    chosen,
    previewed,
    upscale,
    /** The panel was opened with a preset in its address. */
    offerLink(link: string): void {
      tab.value = 'presets';
      linking.value = link;
    },
    applyPreset,
    savePreset,
    updatePreset,
    obey,
    /** Resolves when the command that opened the panel has been obeyed. */
    opened,
    async dispose(): Promise<void> {
      unsubscribe();
      stopFollowing();
      stopSharing();
      stopAsking();
      void generate?.dispose();
      job.cancel();
      preview.dispose();
      selection.dispose();
      presets.dispose();
      await client.dispose();
    },
  };
}
