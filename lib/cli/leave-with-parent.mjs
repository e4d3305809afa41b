// Preloaded into the Studio's child processes: when their parent is killed they
// leave too, so that the next start finds its ports free. Processes that they
// start inherit the preload and must not follow it: workers of a cluster and the
// server of `next dev` are told by their channel what to do, and would end first.
const isOwnChild =
  process.env["SOURCE_STUDIO_PARENT_PID"] === String(process.ppid);

if (process.connected && isOwnChild) {
  process.once("disconnect", () => process.exit(1));
  // Before SIGTERM, on which a server only stops accepting: its `/ready` says so first.
  process.on("message", (message) => {
    if (message === "leaving") globalThis.sourceStudioIsLeaving = true;
  });
  process.channel?.unref();
}
