// Preloaded into the Studio's child processes: when their parent is killed they
// leave too, so that the next start finds its ports free.
if (process.connected) {
  process.once("disconnect", () => process.exit(1));
  process.channel?.unref();
}
