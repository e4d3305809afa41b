export type PauseGate = {
  close: () => void;
  open: () => void;
  /** Resolves at once while open, else when it is opened. */
  untilOpen: () => Promise<void>;
};

/** Holds back whoever awaits it while it is closed. */
export function createPauseGate(): PauseGate {
  let opened: Promise<void> | undefined;
  let release = () => {};
  return {
    close() {
      opened ??= new Promise((resolve) => {
        release = resolve;
      });
    },
    open() {
      opened = undefined;
      release();
    },
    untilOpen: () => opened ?? Promise.resolve(),
  };
}
