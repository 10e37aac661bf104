/**
 * Everything that runs inside Photopea (what it shares is in script-parts.ts). Photopea's interpreter is ES5 in style:
 * no let, const, arrow functions or template strings, and neither `finally` nor a `return` inside `try`. Values enter
 * by `JSON.stringify` only. A script assigns `answer`; the line (line.ts) echoes it.
 *
 * Documents have no ids, so they are found by name, source and size, and by the layer looked for. Copies of documents
 * get layers with other ids, so there layers are found by their path (indices from the top level down).
 */

import { COPY_HELPERS, FIT, HELPERS, SELECTION_HELPERS } from './script-parts.js';

/** What tells documents apart. */
export interface DocumentKey {
  readonly name: string;
  readonly source: string;
  readonly width: number;
  readonly height: number;
  /** Where it stood among the open documents; decides only between equals. */
  readonly index: number;
}

/** Edges in pixels: left, top, right, bottom. */
export type Box = readonly [number, number, number, number];

const json = (value: unknown): string =>
  JSON.stringify(value)
    .replace(/\u2028/g, '\\u2028')
    .replace(/\u2029/g, '\\u2029');

/** Is anybody there? */
export const ping = (): string => 'answer = true;';

/** The document, what is selected in it, and whether a selection of pixels makes bounds unreliable. */
export const inspect = (): string => `${HELPERS}
if (app.documents.length === 0) answer = null;
else {
  var doc = app.activeDocument, index = -1, all = entriesOf(doc), chosen = [], active = null, layers = [];
  for (var i = 0; i < app.documents.length; i++) if (app.documents[i] === doc) index = i;
  for (var j = 0; j < all.length; j++) if (all[j].layer.selected === true) chosen.push(all[j]);
  if (chosen.length === 0) {
    try { active = doc.activeLayer; } catch (none) { active = null; }
    if (active) chosen = [entryOf(doc, active.id)];
  }
  for (var k = 0; k < chosen.length; k++) {
    var inside = false;
    for (var m = 0; m < chosen.length; m++) {
      for (var n = 0; n < chosen[k].parents.length; n++) if (chosen[k].parents[n].id === chosen[m].layer.id) inside = true;
    }
    if (!inside) layers.push({
      id: chosen[k].layer.id, name: String(chosen[k].layer.name), path: chosen[k].path, kind: kindOf(chosen[k].layer),
      locked: isLocked(doc, chosen[k]), hidden: isHidden(chosen[k]), box: edges(chosen[k].layer.bounds)
    });
  }
  answer = { document: keyOf(doc, index), selecting: selectionOf(doc) !== null, layers: layers };
}`;

/** Bounds of layers as they are without a selection of pixels, measured on a copy. */
export const measure = (key: DocumentKey, paths: readonly (readonly number[])[], mark: string): string =>
  `${HELPERS}${COPY_HELPERS}
var doc = activate(${json(key)}, null), paths = ${json(paths)}, boxes = [], failed = null;
if (doc) {
  var copy = openCopy(doc, ${json(mark)});
  try {
    for (var i = 0; i < paths.length; i++) boxes.push(edges(layerAt(copy, paths[i]).bounds));
  } catch (error) { failed = error; }
  closeCopy(copy, doc);
  if (failed) throw failed;
  answer = boxes;
}`;

/**
 * Sends the PNG of one layer alone: opaque, unmixed, cut to its bounds even where they leave the canvas. Made from a
 * copy of the document, which is closed again. Answers with the bounds, or null when the layer is gone.
 */
export const exportLayer = (key: DocumentKey, id: number, mark: string, maxPx: number | null): string =>
  `${HELPERS}${COPY_HELPERS}
var doc = activate(${json(key)}, ${json(id)}), longest = ${json(maxPx)}, failed = null;
if (doc) {
  var path = entryOf(doc, ${json(id)}).path, copy = openCopy(doc, ${json(mark)});
  try {
    var layer = isolate(copy, path), box = edges(layer.bounds);
    var width = box[2] - box[0], height = box[3] - box[1];
    if (width < 1 || height < 1) throw new Error('The layer is empty.');
    if (box[0] !== 0 || box[1] !== 0) shift(layer, -box[0], -box[1]);
    copy.resizeCanvas(width, height, AnchorPosition.TOPLEFT);
    if (longest !== null && Math.max(width, height) > longest) {
      var scale = longest / Math.max(width, height);
      copy.resizeImage(Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)));
    }
    copy.saveToOE('png');
  } catch (error) { failed = error; }
  closeCopy(copy, doc);
  if (failed) throw failed;
  answer = { box: box, width: width, height: height };
}`;

/** Closes copies that a script left behind by dying, and returns to the document. */
export const tidy = (key: DocumentKey, mark: string): string => `${HELPERS}
for (var i = app.documents.length - 1; i >= 0; i--) {
  app.activeDocument = app.documents[i];
  var doc = app.activeDocument;
  if (doc.layers.length > 0 && String(doc.layers[0].name) === ${json(mark)}) doc.close(SaveOptions.DONOTSAVECHANGES);
}
activate(${json(key)}, null);
answer = true;`;

/**
 * Gets ready to put a picture above a layer: sets a selection of pixels aside (it would change bounds and what is
 * moved) and tells where the layer is. Null when it is gone.
 */
export const prepare = (key: DocumentKey, id: number, keeper: string): string =>
  `${HELPERS}${SELECTION_HELPERS}
var doc = activate(${json(key)}, ${json(id)});
if (doc) {
  var entry = entryOf(doc, ${json(id)}), kept = null;
  if (isLocked(doc, entry)) answer = { locked: true };
  else {
    if (selectionOf(doc) !== null) kept = keepSelection(doc, ${json(keeper)});
    doc.activeLayer = entry.layer;
    answer = {
      locked: false, kept: kept, box: edges(entry.layer.bounds), name: String(entry.layer.name), kind: kindOf(entry.layer),
      deep: /16|32|SIXTEEN|THIRTYTWO/.test(String(doc.bitsPerChannel)), before: idsOf(doc)
    };
  }
}`;

/** Opens a picture as a smart object above the active layer, shrunk to fit the canvas. It may appear a little later. */
export const openPicture = (key: DocumentKey, dataUri: string): string => `${HELPERS}
if (activate(${json(key)}, null)) { app.open(${json(dataUri)}, null, true); answer = true; }`;

/** Opens a picture as a document of its own. */
export const openDocument = (dataUri: string): string => `app.open(${json(dataUri)}); answer = true;`;

/** The id of the layer that was not there before, or null while there is none. */
export const findNew = (key: DocumentKey, before: readonly number[]): string => `${HELPERS}
var doc = activate(${json(key)}, null), before = ${json(before)};
if (doc) {
  var ids = idsOf(doc);
  for (var i = 0; i < ids.length; i++) if (before.indexOf(ids[i]) < 0) answer = ids[i];
}`;

export interface FitRequest {
  readonly key: DocumentKey;
  readonly sourceId: number;
  readonly freshId: number;
  readonly box: Box;
  readonly name: string;
  /** Name of the layer that keeps a selection of pixels, if there was one. */
  readonly keeper: string;
  /** Size of the picture in its own pixels. */
  readonly width: number;
  readonly height: number;
  readonly placement: 'layer' | 'replace' | 'smart-object';
  /** Whether the picture lets through what lies beneath it. */
  readonly seeThrough: boolean;
}

/**
 * Puts the new layer exactly over its source, directly above it and mixed like it; then, if wanted, removes the source
 * or joins both in one smart object. A source that stays and would show through is hidden. Answers with what it did.
 */
export const fitAbove = ({
  key,
  sourceId,
  freshId,
  box,
  name,
  keeper,
  placement,
  width,
  height,
  seeThrough,
}: FitRequest): string =>
  `${HELPERS}${SELECTION_HELPERS}${FIT}
var doc = activate(${json(key)}, ${json(freshId)}), box = ${json(box)}, placement = ${json(placement)};
var source = doc ? entryOf(doc, ${json(sourceId)}) : null;
if (source) {
  var fresh = entryOf(doc, ${json(freshId)}).layer;
  doc.activeLayer = fresh;
  var now = fit(doc, fresh, box, ${json(width)}, ${json(height)});
  if (fits(now, box)) {
    fresh.move(source.layer, ElementPlacement.PLACEBEFORE);
    fresh.name = ${json(name)};
    attempt(function () { if (source.layer.grouped) fresh.grouped = true; });
    attempt(function () { fresh.opacity = source.layer.opacity; });
    attempt(function () { fresh.blendMode = isGroup(source.layer) ? BlendMode.NORMAL : source.layer.blendMode; });
    source = entryOf(doc, ${json(sourceId)});
    var above = source.path.slice(), next = null, joined = false, replaced = false;
    above[above.length - 1] -= 2;
    if (above[above.length - 1] >= 0) next = layerAt(doc, above);
    var chained = source.layer.grouped === true || (next !== null && next.grouped === true);
    var plain = (kindOf(source.layer) === 'pixels' || kindOf(source.layer) === 'smart-object') && !chained;
    if (placement === 'replace' && plain && !isBackground(doc, source)) {
      fresh.name = String(source.layer.name);
      source.layer.remove();
      replaced = true;
    }
    var hidden = false, blend = source.layer.blendMode;
    var mixed = !isGroup(source.layer) && blend !== undefined && blend !== BlendMode.NORMAL;
    if (!replaced && (${json(seeThrough)} || mixed || source.layer.opacity < 100)) {
      attempt(function () { source.layer.visible = false; hidden = true; });
    }
    if (placement === 'smart-object' && !chained && !isBackground(doc, source)) {
      attempt(function () {
        var group = doc.layerSets.add();
        group.move(fresh, ElementPlacement.PLACEBEFORE);
        group.name = String(source.layer.name);
        source.layer.move(group, ElementPlacement.INSIDE);
        fresh.move(source.layer, ElementPlacement.PLACEBEFORE);
        doc.activeLayer = group;
        executeAction(stringIDToTypeID('newPlacedLayer'), new ActionDescriptor(), DialogModes.NO);
        joined = true;
      });
    }
    var given = giveSelectionBack(doc, ${json(keeper)});
    if (!joined) doc.activeLayer = fresh;
    answer = { box: now, fitted: true, replaced: replaced, joined: joined, hidden: hidden, selectionKept: given };
  } else answer = { box: now, fitted: false };
}`;

/** Takes back what was begun: the new layer goes, the selection of pixels returns. */
export const giveUp = (
  key: DocumentKey,
  sourceId: number,
  freshId: number | null,
  keeper: string,
): string => `${HELPERS}${SELECTION_HELPERS}
var doc = activate(${json(key)}, ${json(sourceId)}) || activate(${json(key)}, null);
if (doc) {
  var fresh = ${json(freshId)} === null ? null : entryOf(doc, ${json(freshId)});
  if (fresh) fresh.layer.remove();
  giveSelectionBack(doc, ${json(keeper)});
  var source = entryOf(doc, ${json(sourceId)});
  if (source) {
    if (fresh) source.layer.visible = true;
    doc.activeLayer = source.layer;
  }
  answer = true;
}`;

/** Names a layer and chooses it. */
export const nameLayer = (key: DocumentKey, id: number, name: string): string => `${HELPERS}
var doc = activate(${json(key)}, ${json(id)});
if (doc) {
  var layer = entryOf(doc, ${json(id)}).layer;
  layer.name = ${json(name)};
  doc.activeLayer = layer;
  answer = true;
}`;

/** Layers of the active document, or null when none is open: to see afterwards what is new. */
export const listLayers = (): string => `${HELPERS}
if (app.documents.length > 0) {
  var index = -1;
  for (var i = 0; i < app.documents.length; i++) if (app.documents[i] === app.activeDocument) index = i;
  answer = { document: keyOf(app.activeDocument, index), before: idsOf(app.activeDocument) };
}`;
