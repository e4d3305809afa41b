// A process of its own: the scripted remote, for what Playwright loads cannot
// load the server's modules. Says its address, and what it holds when asked.
import {
  cutBefore,
  cutInside,
  forgetting,
  inTurn,
  lostAfter,
  page,
  status,
  withKey,
} from "@/lib/testing/remote-habits";
import {
  REMOTE_PROVIDER,
  REMOTE_SECRET,
  startScriptedRemote,
  well,
} from "@/lib/testing/scripted-remote";

const [poisonedKey = ""] = process.argv.slice(2);
const remote = await startScriptedRemote();
remote.onToken = inTurn(page(502), well);
// The whole batch first, then the halves of it that are without the bad entry.
remote.onImport = inTurn(
  ...([status(429, "1"), forgetting(remote), cutBefore] as const),
  withKey(
    [poisonedKey],
    status(400),
    inTurn(lostAfter, cutInside, page(503), well),
  ),
);

process.on("disconnect", () => process.exit());
process.on("message", () => process.send?.([...remote.entries()]));
process.send?.({
  url: remote.url,
  ...{ providerId: REMOTE_PROVIDER, secret: REMOTE_SECRET },
});
