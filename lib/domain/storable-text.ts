/** A text as a database can keep it: characters that it cannot hold are replaced by a mark. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\uFFFD");
}
