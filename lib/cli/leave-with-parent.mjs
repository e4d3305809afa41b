import cluster from "node:cluster";

// Preloaded into the Studio's child processes: when their parent is killed they
// leave too, so that the next start finds its ports free. Workers of a cluster
// do so by themselves, and need their channel to get the port.
if (process.connected && !cluster.isWorker) {
  process.once("disconnect", () => process.exit(1));
  // Before SIGTERM, on which a server only stops accepting: its `/ready` says so first.
  process.on("message", (message) => {
    if (message === "leaving") globalThis.sourceStudioIsLeaving = true;
  });
  process.channel?.unref();
}
