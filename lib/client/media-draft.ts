const KEPT_AS = "media-links-draft";

/** The links that were pasted in this tab and not sent yet. */
export function readLinkDraft(): string {
  try {
    return sessionStorage.getItem(KEPT_AS) ?? "";
  } catch {
    return ""; // Storage may be switched off; then a reload forgets.
  }
}

export function writeLinkDraft(text: string): void {
  try {
    if (text === "") sessionStorage.removeItem(KEPT_AS);
    else sessionStorage.setItem(KEPT_AS, text);
  } catch {
    // As above, or too long to keep.
  }
}
