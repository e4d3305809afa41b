import { makeUuid } from "./random-id";

const HANDED_ON_AS = "import-tab-id";

let own: string | undefined;

/**
 * A random id of this browser tab. The page hands it on when it is left, so a
 * reload goes on with the run that the tab holds; a duplicated tab, whose
 * session storage is a copy, finds nothing there and gets an id of its own.
 */
export function tabId(): string {
  if (own) return own;
  own = takeOver() ?? makeUuid();
  window.addEventListener("pagehide", handOn);
  return own;
}

function takeOver(): string | undefined {
  try {
    const handed = sessionStorage.getItem(HANDED_ON_AS);
    sessionStorage.removeItem(HANDED_ON_AS);
    return handed ?? undefined;
  } catch {
    return undefined; // Storage may be switched off; a reload then is a new tab.
  }
}

function handOn(): void {
  try {
    if (own) sessionStorage.setItem(HANDED_ON_AS, own);
  } catch {
    // As above.
  }
}
