import {
  createMediaUpload,
  type KeptUpload,
  type MediaUpload,
} from "./media-upload";

/** Files that are sent side by side; the others wait their turn. */
const AT_ONCE = 3;

export type UploadState =
  "chosen" | "waiting" | "sending" | "paused" | "failed" | "done";

export type UploadItem = {
  id: number;
  /** Who chose it. */
  owner: string;
  file: File;
  uniqueIdentifier: string;
  state: UploadState;
  sentBytes: number;
  /** Once it is complete. */
  fileId: string | null;
  /** Why it failed, or cannot begin. */
  problem: string | null;
};

/** Makes the upload of one file; the product's is `createMediaUpload`. */
export type MakeUpload = typeof createMediaUpload;

/**
 * The uploads of one browser tab, beyond the component that shows them: going
 * to another page of the Studio does not stop them.
 */
export class MediaUploads {
  private readonly listeners = new Set<() => void>();
  private readonly running = new Map<number, MediaUpload>();
  private items: readonly UploadItem[] = [];
  private lastId = 0;

  constructor(private readonly make: MakeUpload = createMediaUpload) {}

  readonly subscribe = (onChange: () => void): (() => void) => {
    this.listeners.add(onChange);
    return () => this.listeners.delete(onChange);
  };

  readonly list = (): readonly UploadItem[] => this.items;

  /**
   * Puts files on the list; nothing is sent before `start`. One that is there
   * already stays as it is; one whose upload was cut short gets its identifier back.
   */
  add(
    owner: string,
    files: readonly File[],
    kept: readonly KeptUpload[] = [],
  ): void {
    const fresh = files.filter(
      (file) => !this.items.some((item) => isSame(item.file, file)),
    );
    this.set([
      ...this.items,
      ...fresh.map((file): UploadItem => ({
        ...{ id: (this.lastId += 1), owner, file },
        uniqueIdentifier:
          kept.find((upload) => isOf(upload, file))?.uniqueIdentifier ?? "",
        ...{ state: "chosen" as const, sentBytes: 0 },
        ...{ fileId: null, problem: null },
      })),
    ]);
  }

  name(id: number, uniqueIdentifier: string): void {
    this.change(id, { uniqueIdentifier, problem: null });
  }

  refuse(id: number, problem: string): void {
    this.change(id, { problem });
  }

  /** Lets files go that are chosen, paused or failed. */
  start(ids: readonly number[]): void {
    for (const id of ids) {
      const item = this.find(id);
      if (item && ["chosen", "paused", "failed"].includes(item.state)) {
        this.change(id, { state: "waiting", problem: null });
      }
    }
    this.fill();
  }

  pause(id: number): void {
    this.change(id, { state: "paused" });
    void this.running.get(id)?.pause();
    this.fill();
  }

  /** Takes a file off the list; what has arrived of an unfinished one is removed. */
  remove(id: number): void {
    const isDone = this.find(id)?.state === "done";
    if (!isDone) void this.running.get(id)?.cancel();
    this.running.delete(id);
    this.set(this.items.filter((item) => item.id !== id));
    this.fill();
  }

  private fill(): void {
    const sending = this.items.filter(({ state }) => state === "sending");
    const next = this.items
      .filter(({ state }) => state === "waiting")
      .slice(0, AT_ONCE - sending.length);
    for (const { id } of next) this.send(id);
  }

  private send(id: number): void {
    const item = this.find(id);
    if (!item) return;
    this.change(id, { state: "sending" });
    const upload = this.running.get(id) ?? this.prepare(item);
    this.running.set(id, upload);
    upload.start().catch((error: unknown) => this.fail(id, error));
  }

  private prepare({
    id,
    owner,
    file,
    uniqueIdentifier,
  }: UploadItem): MediaUpload {
    return this.make(file, {
      owner,
      ...(uniqueIdentifier && { uniqueIdentifier }),
      onProgress: (sentBytes) => this.change(id, { sentBytes }),
      onComplete: (fileId) => {
        this.change(id, { state: "done", sentBytes: file.size, fileId });
        this.running.delete(id);
        this.fill();
      },
      onFailure: (error) => this.fail(id, error),
    });
  }

  private fail(id: number, error: unknown): void {
    // A bug of ours has no sentence for people.
    const problem =
      error instanceof Error
        ? error.message
        : "The upload failed. Try it again.";
    this.running.delete(id);
    this.change(id, { state: "failed", problem });
    this.fill();
  }

  private find(id: number): UploadItem | undefined {
    return this.items.find((item) => item.id === id);
  }

  private change(id: number, change: Partial<UploadItem>): void {
    this.set(
      this.items.map((item) =>
        item.id === id ? { ...item, ...change } : item,
      ),
    );
  }

  private set(items: readonly UploadItem[]): void {
    this.items = items;
    for (const listener of this.listeners) listener();
  }
}

export const mediaUploads = new MediaUploads();

/** Whether an upload that was cut short was one of this file. */
export function isOf(upload: KeptUpload, file: File): boolean {
  return upload.filename === file.name && upload.sizeBytes === file.size;
}

function isSame(one: File, other: File): boolean {
  return (
    one.name === other.name &&
    one.size === other.size &&
    one.lastModified === other.lastModified
  );
}
