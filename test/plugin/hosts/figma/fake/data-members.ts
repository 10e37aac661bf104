/** Properties of the fake's nodes that hold text, regions and what plugins keep. */

import type { FontName, Paint, VectorNetwork } from '@figma/plugin-typings/plugin-api-standalone.js';
import type { Member } from './members.js';
import type { Nodes } from './nodes.js';
import { freeze, takePaints } from './paints.js';
import type { Layer } from './tree.js';

/** Runs of texts and regions of vectors, filled each in its own way. */
export function textMembers(nodes: Nodes, layer: Layer): Record<string, Member> {
  const { journal } = nodes;
  const parts = () => layer.parts ?? [{ start: 0, end: layer.characters.length, fills: layer.fills }];
  const FONT: FontName = { family: 'Inter', style: 'Regular' };
  return {
    characters: { get: () => layer.characters },
    hasMissingFont: { get: () => layer.hasMissingFont },
    getRangeAllFontNames: { get: () => () => [FONT] },
    getStyledTextSegments: {
      get: () => (fields: readonly string[]) => {
        if (fields.join() !== 'fills') throw new Error('The fake gives fills of segments only');
        return parts().map(({ start, end, fills }) =>
          freeze({ characters: layer.characters.slice(start, end), start, end, fills }),
        );
      },
    },
    setRangeFills: {
      get: () => (start: number, end: number, value: Paint[]) => {
        if (!nodes.loadedFonts.has(FONT.family))
          throw new Error('in setRangeFills: Cannot write to node with unloaded font "Inter Regular"');
        const fills = takePaints('rangeFills', value, false);
        journal.change(
          layer,
          'parts',
          parts().map((part) => (part.start === start && part.end === end ? { start, end, fills } : part)),
        );
      },
    },
    vectorNetwork: {
      get: () =>
        freeze({
          vertices: [],
          segments: [],
          regions: (layer.parts ?? []).map(({ fills, fillStyleId }) => ({
            windingRule: 'NONZERO' as const,
            loops: [],
            fills,
            ...(fillStyleId ? { fillStyleId } : {}),
          })),
        } satisfies VectorNetwork),
      set: () => {
        throw new Error(
          'in set_vectorNetwork: Cannot call with documentAccess: dynamic-page. Use setVectorNetworkAsync instead.',
        );
      },
    },
    setVectorNetworkAsync: {
      get: () => async (network: VectorNetwork) =>
        journal.change(
          layer,
          'parts',
          (network.regions ?? []).map(({ fills, fillStyleId }, index) => ({
            start: index,
            end: index + 1,
            fills: takePaints('vectorNetwork', fills ?? [], true),
            ...(fillStyleId ? { fillStyleId } : {}),
          })),
        ),
    },
  };
}

/** What plugins keep on nodes, within Figma's sizes. */
export function dataMembers(nodes: Nodes, layer: Layer): Record<string, Member> {
  const { journal } = nodes;
  const set = (key: 'pluginData' | 'sharedData', name: string, value: string) => {
    if (typeof value !== 'string') throw new Error('Expected string');
    if (name.length + bytesOf(value) > 100_000) throw new Error('Plugin data entry is larger than 100 kB');
    const { [name]: _old, ...rest } = layer[key];
    journal.change(layer, key, value === '' ? rest : { ...rest, [name]: value });
  };
  const shared = (space: string, name: string) => {
    if (space.length < 3) throw new Error('Namespace must be at least 3 characters');
    return `${space} ${name}`;
  };
  return {
    documentColorProfile: { get: () => nodes.colorProfile },
    getPluginData: { get: () => (name: string) => layer.pluginData[name] ?? '' },
    setPluginData: { get: () => (name: string, value: string) => set('pluginData', name, value) },
    getSharedPluginData: {
      get: () => (space: string, name: string) => layer.sharedData[shared(space, name)] ?? '',
    },
    setSharedPluginData: {
      get: () => (space: string, name: string, value: string) =>
        set('sharedData', shared(space, name), value),
    },
    getSharedPluginDataKeys: {
      get: () => (space: string) =>
        Object.keys(layer.sharedData)
          .filter((key) => key.startsWith(`${space} `))
          .map((key) => key.slice(space.length + 1)),
    },
    getRelaunchData: { get: () => () => ({ ...layer.relaunch }) },
    setRelaunchData: {
      get: () => (data: Record<string, string>) => {
        if (layer.refusesRelaunch) throw new Error('in setRelaunchData: Cannot set relaunch data here');
        if (Object.values(data).some((description) => description.length > 1000))
          throw new Error('in setRelaunchData: description is longer than 1000 characters');
        journal.change(layer, 'relaunch', { ...data });
      },
    },
  };
}

/** Bytes in UTF-8, counted by what is left when shorter characters are taken out: quick in the VM. */
export function bytesOf(text: string): number {
  const beyondAscii = text.replace(/[^\u0080-\uffff]+/g, '');
  const beyondTwoBytes = beyondAscii.replace(/[^\u0800-\uffff]+/g, '');
  // A surrogate is half of a character of four bytes.
  const surrogates = beyondTwoBytes.replace(/[^\ud800-\udfff]+/g, '');
  return text.length + beyondAscii.length + beyondTwoBytes.length - surrogates.length;
}
