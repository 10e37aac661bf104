/**
 * Gives a Fabric image other pixels of another size and leaves everything a person sees as it was. An image's own units
 * are the pixels of its picture, so whatever is measured in them (crop, stroke, shadow, clip path, block size of a
 * filter) grows with the picture while its scale shrinks. Pure geometry beside Fabric's own setters.
 */

import type { FabricImage } from 'fabric';
import type { PixelSize } from '../picture-source.js';

type Fabric = typeof import('fabric');
type ClipPath = NonNullable<FabricImage['clipPath']>;

/** Size of the picture that an image holds, before filters. */
export function pictureSize(image: FabricImage): PixelSize {
  const element = image._originalElement;
  if (!element) return { width: 0, height: 0 };
  return {
    width: ('naturalWidth' in element && element.naturalWidth) || element.width,
    height: ('naturalHeight' in element && element.naturalHeight) || element.height,
  };
}

/**
 * Swaps the picture in place. Shared parts (clip path, shadow, filters) are copied first, since other objects may use
 * the same ones.
 */
export async function swapPicture(
  fabric: Fabric,
  image: FabricImage,
  element: HTMLImageElement,
): Promise<void> {
  const before = pictureSize(image);
  const sx = element.naturalWidth / before.width;
  const sy = element.naturalHeight / before.height;
  const clipPath = await scaledClipPath(image, sx, sy);
  const center = image.getRelativeCenterPoint();

  image.filters = image.filters.map((filter) =>
    filter instanceof fabric.filters.Pixelate
      ? new fabric.filters.Pixelate({ blocksize: filter.blocksize * sx })
      : filter,
  );
  useFiltersThatFit(fabric, image, element);
  image.setElement(element, { width: image.width * sx, height: image.height * sy });
  image.set({
    cropX: image.cropX * sx,
    cropY: image.cropY * sy,
    scaleX: image.scaleX / sx,
    scaleY: image.scaleY / sy,
    ...(clipPath ? { clipPath } : {}),
  });
  if (!image.strokeUniform) {
    image.set({
      strokeWidth: image.strokeWidth * sx,
      ...(image.strokeDashArray ? { strokeDashArray: image.strokeDashArray.map((dash) => dash * sx) } : {}),
      strokeDashOffset: image.strokeDashOffset * sx,
    });
  }
  if (image.shadow && !image.shadow.nonScaling) {
    const { blur, offsetX, offsetY } = image.shadow;
    image.set({
      shadow: new fabric.Shadow({
        ...image.shadow.toObject(),
        blur: blur * sx,
        offsetX: offsetX * sx,
        offsetY: offsetY * sy,
      }),
    });
  }
  image.setPositionByOrigin(center, 'center', 'center');
  image.setCoords();
  image.set('dirty', true);
}

async function scaledClipPath(image: FabricImage, sx: number, sy: number): Promise<ClipPath | null> {
  const { clipPath } = image;
  if (!clipPath || clipPath.absolutePositioned) return null;
  const copy = await clipPath.clone();
  copy.set({
    left: copy.left * sx,
    top: copy.top * sy,
    scaleX: copy.scaleX * sx,
    scaleY: copy.scaleY * sy,
  });
  return copy;
}

/** Fabric's WebGL filters cut off pictures larger than their one texture; its 2D ones take any size. */
function useFiltersThatFit(fabric: Fabric, image: FabricImage, element: HTMLImageElement): void {
  if (image.filters.every((filter) => filter.isNeutralState())) return;
  const backend = fabric.getFilterBackend();
  if (!(backend instanceof fabric.WebGLFilterBackend)) return;
  if (Math.max(element.naturalWidth, element.naturalHeight) <= backend.tileSize) return;
  fabric.setFilterBackend(new fabric.Canvas2dFilterBackend());
}
