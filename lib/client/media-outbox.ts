import type { LinkToSend, RefusedLink } from "@/lib/domain/media-page";

/** A submission of this browser, kept until the server has taken all of it. */
export type OutboxRecord = {
  submissionId: string;
  /** Who entered the links: nobody else sees or sends them. */
  owner: string;
  createdAt: string;
  /** Where they go; without it to this Studio. */
  endpointId?: string | null;
  links: LinkToSend[];
  /** How many links, from the first on, the server has answered for. */
  answered: number;
  /** Links that were not taken after all. */
  refused: RefusedLink[];
  /** Rows that were answered by files that were there already. */
  reused: number;
};

const DATABASE = "source-studio-media";
const STORE = "submissions";
const KEPT_MS = 7 * 24 * 60 * 60 * 1_000;

/** Writes or replaces a record. False when the browser keeps nothing, as in some private windows. */
export async function keepSubmission(record: OutboxRecord): Promise<boolean> {
  return (await run("readwrite", (store) => store.put(record))) !== undefined;
}

/** A submission that this person began in this browser. */
export async function findSubmission(
  submissionId: string,
  owner: string,
): Promise<OutboxRecord | undefined> {
  const record = await run<OutboxRecord | undefined>("readonly", (store) =>
    store.get(submissionId),
  );
  return record?.owner === owner ? record : undefined;
}

/**
 * Submissions that this person has not sent to the end in this browser. Forgets
 * everybody's of last week.
 */
export async function unsentSubmissions(
  owner: string,
): Promise<OutboxRecord[]> {
  const all =
    (await run<OutboxRecord[]>("readonly", (store) => store.getAll())) ?? [];
  for (const { submissionId, createdAt } of all) {
    if (Date.now() - Date.parse(createdAt) > KEPT_MS) {
      await forgetSubmission(submissionId);
    }
  }
  return all.filter(
    (record) => record.owner === owner && record.answered < record.links.length,
  );
}

export async function forgetSubmission(submissionId: string): Promise<void> {
  await run("readwrite", (store) => store.delete(submissionId));
}

async function run<T = unknown>(
  mode: IDBTransactionMode,
  ask: (store: IDBObjectStore) => IDBRequest,
): Promise<T | undefined> {
  try {
    const database = await open();
    try {
      const transaction = database.transaction(STORE, mode);
      const result = await settle<T>(ask(transaction.objectStore(STORE)));
      return result;
    } finally {
      database.close();
    }
  } catch {
    return undefined; // Storage may be switched off; then a reload forgets.
  }
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 2);
  request.onupgradeneeded = () => {
    const database = request.result;
    // Records of version 1 do not say whose they are.
    if (database.objectStoreNames.contains(STORE))
      database.deleteObjectStore(STORE);
    database.createObjectStore(STORE, { keyPath: "submissionId" });
  };
  return settle(request);
}

function settle<T>(request: IDBRequest): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result as T);
    request.onerror = () =>
      reject(request.error ?? new Error("The browser's storage failed."));
  });
}
