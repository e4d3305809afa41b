import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

import { run } from "./install.mjs";

const SYSTEM_PATHS = ["/usr/bin/chromium", "/usr/bin/chromium-browser"];

/** Installs a Chromium for the end-to-end tests when there is none: Debian's as root on Debian, else Playwright's. */
export async function installChromium() {
  if (SYSTEM_PATHS.some(existsSync)) return;
  const { chromium } = await import("@playwright/test");
  if (existsSync(chromium.executablePath())) return;

  console.log("Installing Chromium (a few minutes) …");
  if (process.getuid?.() === 0 && existsSync("/etc/debian_version")) {
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    const apt = (...args) =>
      spawnSync("apt-get", args, { env, stdio: "ignore" }).status === 0;
    apt("update");
    if (apt("install", "-y", "chromium") && SYSTEM_PATHS.some(existsSync))
      return;
  }
  run("npx", ["playwright", "install", "chromium"]);
}
