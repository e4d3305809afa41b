const KEPT_AS = "media-links-draft";

/** The links that this person has pasted in this tab and not sent yet. */
export function readLinkDraft(owner: string): string {
  try {
    return sessionStorage.getItem(keptAs(owner)) ?? "";
  } catch {
    return ""; // Storage may be switched off; then a reload forgets.
  }
}

export function writeLinkDraft(owner: string, text: string): void {
  try {
    if (text === "") sessionStorage.removeItem(keptAs(owner));
    else sessionStorage.setItem(keptAs(owner), text);
  } catch {
    // As above, or too long to keep.
  }
}

function keptAs(owner: string): string {
  return `${KEPT_AS}/${owner}`;
}
