import sharp from "sharp";

import type { MediaInfo } from "@/lib/domain/media";

/** Larger pictures are served, but never decoded (security.md 2.2). */
const PIXELS_MAX = 50e6;
const EDGE_PIXELS = 400;
const QUALITY = 80;
const DENSITY_DEFAULT = 72;

// Most decoders are never needed, and each is a risk (security.md 1.3).
sharp.block({ operation: ["VipsForeignLoad"] });
sharp.unblock({
  operation: [
    "VipsForeignLoadJpegBuffer",
    "VipsForeignLoadPngBuffer",
    "VipsForeignLoadWebpBuffer",
    "VipsForeignLoadNsgifBuffer",
  ],
});
sharp.cache(false);
sharp.concurrency(1);

/**
 * Size and resolution as the picture is shown: turned as its metadata say, one
 * frame of an animation. Decodes nothing. `head` may be the beginning only.
 */
export async function readImageInfo(
  head: Uint8Array,
): Promise<MediaInfo["image"]> {
  const image = sharp(head, { limitInputPixels: false, failOn: "error" });
  const { autoOrient, pageHeight, density } = await image.metadata();
  const resolution = density ?? DENSITY_DEFAULT;
  return {
    width: autoOrient.width,
    height: pageHeight ?? autoOrient.height,
    resolution: { horizontal: resolution, vertical: resolution },
  };
}

/**
 * A WebP of at most EDGE_PIXELS in either direction: turned as the metadata
 * say, without any metadata, one frame of an animation, never enlarged.
 */
export function makeThumbnail(content: Uint8Array): Promise<Uint8Array> {
  return sharp(content, {
    limitInputPixels: PIXELS_MAX,
    failOn: "error",
    sequentialRead: true,
  })
    .autoOrient()
    .resize(EDGE_PIXELS, EDGE_PIXELS, {
      fit: "inside",
      withoutEnlargement: true,
    })
    .webp({ quality: QUALITY })
    .toBuffer();
}
