/** The Presets tab: search, save, import, what happened, and the list. */

import { Button, IconSearch32, Textbox } from '@create-figma-plugin/ui';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { PRESET_FILE_ENDING } from '../../plugin/presets/file.js';
import { usePanel } from '../context.js';
import { Menu } from '../parts/menu.js';
import { ErrorNotice, Notice } from '../parts/notice.js';
import { saveFile, textFile } from '../state/save-file.js';
import { Start } from '../upscale/start.js';
import { LinkDialog, SaveDialog } from './preset-dialogs.js';
import { PresetList } from './preset-list.js';

export function PresetsTab(): JSX.Element {
  const { presets, saving, linking, selected } = usePanel();
  const files = useRef<HTMLInputElement>(null);
  const { loading, entries, scopes } = presets.library.value;
  const found = presets.found.value;
  const scope = scopes.at(-1) ?? 'personal';
  useDrop((dropped) => void presets.importFiles(dropped, scope));
  const chooseFiles = () => files.current?.click();
  return (
    <>
      <div class="scroll presets-scroll">
        <div class="section presets-head">
          <div class="row">
            {entries.length > 0 ? (
              <div class="grow">
                <Textbox
                  variant="border"
                  icon={<IconSearch32 />}
                  aria-label="Search presets"
                  placeholder="Search"
                  value={presets.query.value}
                  onValueInput={(text: string) => {
                    presets.query.value = text;
                  }}
                />
              </div>
            ) : (
              <span class="grow" />
            )}
            <Button
              secondary
              onClick={() => {
                saving.value = true;
              }}
            >
              Save current…
            </Button>
            <Menu
              label="Import and export"
              items={[
                { label: 'Import files…', onChoose: chooseFiles },
                { label: 'Import from a link…', onChoose: () => (linking.value = '') },
                ...(entries.length > 0
                  ? [
                      {
                        label: 'Save all as one file',
                        onChoose: () =>
                          void presets
                            .file(entries)
                            .then((file) => file && saveFile(textFile(file.name, file.text))),
                      },
                    ]
                  : []),
              ]}
            />
          </div>
          <input
            ref={files}
            type="file"
            class="visually-hidden"
            tabIndex={-1}
            aria-hidden="true"
            multiple
            accept={`${PRESET_FILE_ENDING},.json,application/json`}
            onChange={(event) => {
              void presets.importFiles([...(event.currentTarget.files ?? [])], scope);
              event.currentTarget.value = '';
            }}
          />
          <Happenings />
        </div>
        {!loading && entries.length === 0 ? (
          <div class="empty">
            <h2>No presets yet</h2>
            <p>
              A preset keeps size, detail and seed under a name.{' '}
              {scopes.includes('document') ? 'Kept in the document, your whole team has it.' : ''} Drop preset
              files here to import them.
            </p>
          </div>
        ) : null}
        {entries.length > 0 && found.length === 0 ? (
          <div class="empty">
            <h2>Nothing found</h2>
            <Button
              secondary
              onClick={() => {
                presets.query.value = '';
              }}
            >
              Show all presets
            </Button>
          </div>
        ) : null}
        <PresetList />
      </div>
      {selected.value.layers.length > 0 ? <Start /> : null}
      {saving.value ? <SaveDialog /> : null}
      {linking.value === null ? null : (
        <LinkDialog key={linking.value} link={linking.value} onClose={() => (linking.value = null)} />
      )}
    </>
  );
}

/** Files dropped anywhere on the panel while this tab is shown. */
function useDrop(onFiles: (files: readonly File[]) => void): void {
  const latest = useRef(onFiles);
  latest.current = onFiles;
  useEffect(() => {
    const over = (event: DragEvent) => event.preventDefault();
    const drop = (event: DragEvent) => {
      event.preventDefault();
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length > 0) latest.current(files);
    };
    addEventListener('dragover', over);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragover', over);
      removeEventListener('drop', drop);
    };
  }, []);
}

/** What went wrong, what an import did, what was deleted, what others changed. */
function Happenings(): JSX.Element {
  const { presets } = usePanel();
  const { error, report, deleted, library } = presets;
  const { scopes } = library.value;
  return (
    <>
      {deleted.value ? (
        <Notice
          actions={
            <>
              <Button secondary onClick={() => void presets.undoRemove()}>
                Undo
              </Button>
              <DismissButton
                onClick={() => {
                  deleted.value = null;
                }}
              />
            </>
          }
        >
          <p>“{deleted.value.name}” was deleted.</p>
        </Notice>
      ) : null}
      {error.value ? (
        <ErrorNotice
          error={error.value}
          actions={
            <DismissButton
              onClick={() => {
                error.value = null;
              }}
            />
          }
        />
      ) : null}
      {report.value.length > 0 ? (
        <Notice
          actions={
            <DismissButton
              onClick={() => {
                report.value = [];
              }}
            />
          }
        >
          {report.value.map((sentence) => (
            <p key={sentence} class="report">
              {sentence}
            </p>
          ))}
        </Notice>
      ) : null}
      {library.value.notices.map(({ id, message, lost, loser }) => (
        <Notice
          key={id}
          kind="warning"
          actions={
            <>
              {lost ? (
                <Button
                  secondary
                  onClick={() => {
                    presets.dismiss(id);
                    void presets.keepCopy(lost, scopes.at(-1) ?? 'personal');
                  }}
                >
                  {loser === 'others' ? 'Keep their version too' : 'Keep my version too'}
                </Button>
              ) : null}
              <DismissButton onClick={() => presets.dismiss(id)} />
            </>
          }
        >
          <p>{message}</p>
        </Notice>
      ))}
    </>
  );
}

function DismissButton({ onClick }: { readonly onClick: () => void }): JSX.Element {
  return (
    <Button secondary onClick={onClick}>
      Dismiss
    </Button>
  );
}
