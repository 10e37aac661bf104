/** The panel's model, for every component below the frame. */

import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { PanelModel } from './state/panel-model.js';

export const PanelContext = createContext<PanelModel | null>(null);

/** The model. @throws Error outside of a panel. */
export function usePanel(): PanelModel {
  const model = useContext(PanelContext);
  if (!model) throw new Error('This component belongs inside a Panel.');
  return model;
}
