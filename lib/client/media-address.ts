/**
 * The public address of a file on the host by which this browser reaches media
 * (`base`, given by the page): the same tenant, file and name.
 */
export function mediaAddress(publicUrl: string, base: string): string {
  const path = new URL(publicUrl).pathname.split("/").slice(-3).join("/");
  return `${base}/${path}`;
}

/** Where the thumbnail of an image is. */
export function thumbnailAddress(publicUrl: string, base: string): string {
  return `${mediaAddress(publicUrl, base)}?impolicy=small`;
}
