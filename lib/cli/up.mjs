// `npm run up` and `npm run dev`: plain Node, because it runs before anything is
// installed. Installs, builds, then hands over to start.ts.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

import { buildStudio } from "./build.mjs";
import { installPackages, requireNode } from "./install.mjs";

process.chdir(fileURLToPath(new URL("../..", import.meta.url)));
const args = process.argv.slice(2);
const isDev = args.includes("--dev");

requireNode();
installPackages({ needsDev: isDev });
if (!isDev) buildStudio();

const studio = spawn(
  process.execPath,
  [
    ...["--conditions=react-server", "--import", "tsx"],
    ...["lib/cli/start.ts", ...args],
  ],
  {
    // A session of its own, so that a signal reaches it once, from here; and a
    // channel, so that it notices when this process is killed.
    detached: true,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  },
);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
  process.on(signal, () => studio.kill(signal));
studio.once("error", () => process.exit(1));
studio.once("exit", (code) => process.exit(code ?? 1));
