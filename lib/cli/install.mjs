import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

const NODE_MIN = [20, 19];

/** Ends the program with a sentence when this Node is too old for the Studio. */
export function requireNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1]))
    return;
  fail(
    `The Studio needs Node ${NODE_MIN.join(".")} or newer, and this is ${process.versions.node}.`,
  );
}

/**
 * Runs `npm ci` unless node_modules already holds what package-lock.json says.
 * Without `needsDev`, packages for development may be missing.
 */
export function installPackages({ needsDev }) {
  if (isInstalled(needsDev)) return;
  console.log("Installing packages (about a minute) …");
  run("npm", ["ci", ...(needsDev ? ["--include=dev"] : [])]);
}

/** Runs a command, shows what it said only when it fails, and then ends the program. */
export function run(command, args, env = {}) {
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    encoding: "utf8",
    maxBuffer: 1e8,
    env: { ...process.env, ...env },
  });
  if (status === 0) return;
  process.stderr.write(`${stdout ?? ""}${stderr ?? ""}`);
  fail(
    `${[command, ...args].join(" ")} failed${error ? ` (${error.message})` : ""}. The lines above say why.`,
  );
}

function isInstalled(needsDev) {
  let wanted, found;
  try {
    wanted = readPackages("package-lock.json");
    found = readPackages("node_modules/.package-lock.json");
  } catch {
    return false;
  }
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === "") return true;
    const installed = found[path];
    // Optional ones are left out on other platforms.
    if (!installed) return entry.optional || (entry.dev && !needsDev);
    return installed.version === entry.version;
  });
}

function readPackages(path) {
  return JSON.parse(readFileSync(path, "utf8")).packages;
}

function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
