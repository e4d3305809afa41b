// JavaScript, because `npm run e2e` starts without a loader for TypeScript.
import { once } from "node:events";
import { createServer } from "node:net";

/**
 * Ports that nothing listens on, different ones.
 *
 * @param {number} count
 * @returns {Promise<number[]>}
 */
export async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer().listen(0));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map(portOf);
  await Promise.all(
    servers.map((server) => {
      server.close();
      return once(server, "close");
    }),
  );
  return ports;
}

/** @returns {Promise<number>} */
export async function freePort() {
  const [port] = await freePorts(1);
  return port;
}

function portOf(server) {
  const address = server.address();
  if (typeof address === "object" && address) return address.port;
  throw new Error("No free port.");
}
