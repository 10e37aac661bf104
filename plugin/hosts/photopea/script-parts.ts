/**
 * Functions that the scripts in scripts.ts share, as text: they run inside Photopea, under the rules stated there, and
 * take no values from outside but their arguments.
 */

/** Documents, layers and their edges. */
export const HELPERS = `
function px(value) { return typeof value === 'number' ? value : Number(value.value); }
function edges(bounds) { return [px(bounds[0]), px(bounds[1]), px(bounds[2]), px(bounds[3])]; }
function attempt(action) { try { action(); } catch (ignored) { app; } }
function selectionOf(doc) {
  var box = null;
  try { if (doc.selection && doc.selection.bounds) box = edges(doc.selection.bounds); } catch (none) { box = null; }
  return box;
}
function isGroup(layer) { return layer.typename === 'LayerSet'; }
function walk(container, path, parents, found) {
  for (var i = 0; i < container.layers.length; i++) {
    var layer = container.layers[i];
    var entry = { layer: layer, path: path.concat([i]), parents: parents };
    found.push(entry);
    if (isGroup(layer)) walk(layer, entry.path, parents.concat([layer]), found);
  }
  return found;
}
function entriesOf(doc) { return walk(doc, [], [], []); }
function entryOf(doc, id) {
  var all = entriesOf(doc), match = null;
  for (var i = 0; i < all.length; i++) if (all[i].layer.id === id) match = all[i];
  return match;
}
function idsOf(doc) {
  var all = entriesOf(doc), ids = [];
  for (var i = 0; i < all.length; i++) ids.push(all[i].layer.id);
  return ids;
}
function layerAt(doc, path) {
  var layer = doc;
  for (var i = 0; i < path.length; i++) layer = layer.layers[path[i]];
  return layer;
}
function keyOf(doc, index) {
  return { name: String(doc.name), source: String(doc.source || ''), width: px(doc.width), height: px(doc.height), index: index };
}
function isThat(doc, key) {
  return String(doc.name) === key.name && String(doc.source || '') === key.source &&
    px(doc.width) === key.width && px(doc.height) === key.height;
}
function activate(key, layerId) {
  if (app.documents.length === 0) return null;
  var matches = [], chosen = -1, was = app.activeDocument;
  for (var i = 0; i < app.documents.length; i++) {
    if (isThat(app.documents[i], key)) {
      if (layerId === null) matches.push(i);
      else {
        app.activeDocument = app.documents[i];
        if (entryOf(app.activeDocument, layerId)) matches.push(i);
      }
    }
  }
  for (var j = 0; j < matches.length; j++) if (chosen < 0 || matches[j] === key.index) chosen = matches[j];
  app.activeDocument = chosen >= 0 ? app.documents[chosen] : was;
  return chosen >= 0 ? app.activeDocument : null;
}
function kindOf(layer) {
  var kind = layer.kind;
  if (isGroup(layer)) kind = 'group';
  else if (kind === undefined || kind === LayerKind.NORMAL) kind = 'pixels';
  else if (kind === LayerKind.SMARTOBJECT) kind = 'smart-object';
  else if (kind === LayerKind.TEXT) kind = 'text';
  else if (kind === LayerKind.SOLIDFILL || kind === LayerKind.GRADIENTFILL || kind === LayerKind.PATTERNFILL) kind = 'fill';
  else if (kind === LayerKind.VIDEO && LayerKind.VIDEO !== undefined) kind = 'video';
  else kind = 'adjustment';
  return kind;
}
function isBackground(doc, entry) {
  var last = doc.layers.length - 1;
  return entry.layer.isBackgroundLayer === true ||
    (entry.path.length === 1 && entry.path[0] === last && String(entry.layer.name) === 'Background');
}
function isLocked(doc, entry) {
  var locked = entry.layer.allLocked === true && !isBackground(doc, entry);
  for (var i = 0; i < entry.parents.length; i++) if (entry.parents[i].allLocked === true) locked = true;
  return locked;
}
function isHidden(entry) {
  var hidden = entry.layer.visible === false;
  for (var i = 0; i < entry.parents.length; i++) if (entry.parents[i].visible === false) hidden = true;
  return hidden;
}
`;

/** Work on a copy of the document, so that the person's own is never touched by looking at it. */
export const COPY_HELPERS = `
function openCopy(doc, mark) {
  var before = app.documents.length;
  var copy = doc.duplicate();
  if (app.documents.length !== before + 1) throw new Error('The document could not be copied.');
  if (!copy) copy = app.activeDocument;
  app.activeDocument = copy;
  copy.layers[0].name = mark;
  attempt(function () { copy.selection.deselect(); });
  return copy;
}
function closeCopy(copy, doc) {
  copy.close(SaveOptions.DONOTSAVECHANGES);
  app.activeDocument = doc;
}
function isolate(doc, path) {
  var container = doc;
  for (var depth = 0; depth < path.length; depth++) {
    for (var i = 0; i < container.layers.length; i++) {
      if (i !== path[depth]) container.layers[i].visible = false;
    }
    container = container.layers[path[depth]];
    loosen(container);
    container.visible = true;
  }
  return container;
}
function loosen(layer) {
  attempt(function () { if (layer.allLocked) layer.allLocked = false; });
  attempt(function () { if (layer.grouped) layer.grouped = false; });
  attempt(function () { layer.opacity = 100; });
  attempt(function () { if (!isGroup(layer)) layer.blendMode = BlendMode.NORMAL; });
}
function shift(layer, dx, dy) {
  if (isGroup(layer)) for (var i = 0; i < layer.layers.length; i++) shift(layer.layers[i], dx, dy);
  else {
    attempt(function () { if (layer.allLocked) layer.allLocked = false; });
    layer.translate(dx, dy);
  }
}
`;

/** A selection outlives what is done meanwhile as the mask of a layer: Photopea has no other place to keep it. */
export const SELECTION_HELPERS = `
function channel(name) {
  var reference = new ActionReference();
  reference.putEnumerated(charIDToTypeID('Chnl'), charIDToTypeID('Chnl'), charIDToTypeID(name));
  return reference;
}
function maskFromSelection() {
  var made = new ActionReference(), description = new ActionDescriptor();
  made.putClass(charIDToTypeID('Chnl'));
  description.putReference(charIDToTypeID('Nw  '), made);
  description.putReference(charIDToTypeID('At  '), channel('Msk '));
  description.putEnumerated(charIDToTypeID('Usng'), charIDToTypeID('UsrM'), charIDToTypeID('RvlS'));
  executeAction(charIDToTypeID('Mk  '), description, DialogModes.NO);
}
function selectionFromMask() {
  var selected = new ActionReference(), description = new ActionDescriptor();
  selected.putProperty(charIDToTypeID('Chnl'), charIDToTypeID('fsel'));
  description.putReference(charIDToTypeID('null'), selected);
  description.putReference(charIDToTypeID('T   '), channel('Msk '));
  executeAction(charIDToTypeID('setd'), description, DialogModes.NO);
}
function keepSelection(doc, name) {
  var keeper = doc.artLayers.add();
  keeper.name = name;
  doc.activeLayer = keeper;
  attempt(maskFromSelection);
  doc.selection.deselect();
  return keeper.id;
}
function keeperOf(doc, name) {
  var all = entriesOf(doc), keeper = null;
  for (var i = 0; i < all.length; i++) if (String(all[i].layer.name) === name) keeper = all[i].layer;
  return keeper;
}
function giveSelectionBack(doc, name) {
  var keeper = keeperOf(doc, name), given = true;
  if (keeper) {
    given = false;
    doc.activeLayer = keeper;
    attempt(function () { selectionFromMask(); given = true; });
    keeper.remove();
  }
  return given;
}
`;

/**
 * Scales and moves a layer until its edges are those of the box, to a pixel. Photopea opens a picture in the middle and
 * shrinks it to the canvas, so the exact way from there is known; edges are whole pixels and a poor measure of scale.
 * They check the result, and correct it where the picture was not opened as expected.
 */
export const FIT = `
function fits(now, box) {
  var good = true;
  for (var i = 0; i < 4; i++) if (!(Math.abs(now[i] - box[i]) <= 1)) good = false;
  return good;
}
function fit(doc, layer, box, width, height) {
  var wide = box[2] - box[0], high = box[3] - box[1], canvas = [px(doc.width), px(doc.height)];
  var opened = Math.min(1, canvas[0] / width, canvas[1] / height);
  layer.resize(100 * wide / (width * opened), 100 * high / (height * opened), AnchorPosition.MIDDLECENTER);
  layer.translate(box[0] - (canvas[0] - wide) / 2, box[1] - (canvas[1] - high) / 2);
  var now = edges(layer.bounds);
  for (var round = 0; round < 3; round++) {
    if (!fits(now, box)) {
      var across = now[2] - now[0], down = now[3] - now[1];
      if (Math.abs(across - wide) > 1 || Math.abs(down - high) > 1) {
        layer.resize(100 * wide / across, 100 * high / down, AnchorPosition.MIDDLECENTER);
        now = edges(layer.bounds);
      }
      layer.translate(box[0] - now[0], box[1] - now[1]);
      now = edges(layer.bounds);
    }
  }
  return now;
}
`;
