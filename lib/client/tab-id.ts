const STORED_AS = "import-tab-id";

let own: string | undefined;

/**
 * A random id of this browser tab. A reload keeps it, so that the tab goes on
 * with the run it holds; a duplicated tab gets its own, although the browser
 * copies the session storage.
 */
export function tabId(): string {
  return (own ??= readOrMake());
}

function readOrMake(): string {
  const [navigation] = performance.getEntriesByType("navigation");
  const isReload =
    navigation instanceof PerformanceNavigationTiming &&
    navigation.type === "reload";
  const stored = isReload ? readStored() : null;
  if (stored) return stored;
  const made = makeUuid();
  try {
    sessionStorage.setItem(STORED_AS, made);
  } catch {
    // Storage may be switched off; the id then lasts until the next reload.
  }
  return made;
}

function readStored(): string | null {
  try {
    return sessionStorage.getItem(STORED_AS);
  } catch {
    return null;
  }
}

/** `crypto.randomUUID` is missing on plain http. */
function makeUuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = Array.from(bytes, (byte, i) => {
    const fixed =
      i === 6 ? (byte & 0x0f) | 0x40 : i === 8 ? (byte & 0x3f) | 0x80 : byte;
    return fixed.toString(16).padStart(2, "0");
  }).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
