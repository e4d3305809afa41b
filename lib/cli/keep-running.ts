import { spawn, type ChildProcess } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";

import { log } from "@/lib/server/log";

export type ChildSpec = {
  name: string;
  /** Arguments of this very Node. */
  args: string[];
  env: NodeJS.ProcessEnv;
  /** Whether its standard output is shown; its standard error always is. */
  isTalkative: boolean;
  /** Milliseconds between being told that it leaves, which `/ready` then says, and being stopped. */
  leavingMs?: number;
};

export type KeptChild = {
  /** Resolves with the exit code when it ended for the first time. */
  firstExit: Promise<number>;
  /** Asks it to end, and after `ms` ends it the hard way. */
  stop(ms: number): Promise<void>;
};

const RESTART_MS_MIN = 500;
const RESTART_MS_MAX = 30_000;
const STEADY_MS = 60_000;

/** Runs a child process and starts it again, ever more slowly, whenever it ends by itself. */
export function keepRunning(spec: ChildSpec): KeptChild {
  const stopping = new AbortController();
  let child: ChildProcess | undefined;
  let reportFirstExit: (code: number) => void = () => undefined;
  const firstExit = new Promise<number>((resolve) => {
    reportFirstExit = resolve;
  });

  const ended = (async () => {
    let restartMs = RESTART_MS_MIN;
    while (!stopping.signal.aborted) {
      const begun = performance.now();
      child = launch(spec);
      const code = await exitOf(child);
      reportFirstExit(code);
      if (stopping.signal.aborted) return;

      if (performance.now() - begun > STEADY_MS) restartMs = RESTART_MS_MIN;
      log.error({ child: spec.name, code, restartMs }, "ended, starts again");
      await delay(restartMs, undefined, { signal: stopping.signal }).catch(
        () => undefined,
      );
      restartMs = Math.min(restartMs * 2, RESTART_MS_MAX);
    }
  })();

  return {
    firstExit,
    async stop(ms) {
      stopping.abort();
      if (spec.leavingMs !== undefined && child?.connected) {
        child.send("leaving", () => undefined);
        await delay(spec.leavingMs);
      }
      child?.kill("SIGTERM");
      const force = setTimeout(() => child?.kill("SIGKILL"), ms);
      await ended;
      clearTimeout(force);
    },
  };
}

function launch({ args, env, isTalkative }: ChildSpec): ChildProcess {
  const leave = new URL("./leave-with-parent.mjs", import.meta.url).href;
  return spawn(process.execPath, ["--import", leave, ...args], {
    env: { ...env, SOURCE_STUDIO_PARENT_PID: String(process.pid) },
    // A session of its own: Ctrl-C in the terminal reaches only the supervisor, which ends them in order.
    detached: true,
    stdio: ["ignore", isTalkative ? "inherit" : "ignore", "inherit", "ipc"],
  });
}

function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once("error", () => resolve(1));
    child.once("exit", (code) => resolve(code ?? 1));
  });
}
