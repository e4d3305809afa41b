import { remoteSentence } from "@/lib/domain/remote-answer";
import type { RemoteFile, RemoteNote } from "@/lib/domain/remote-media";

/** Texts about media files that endpoints make of links. */
export const remoteMediaWords = {
  target: "Where to",
  here: "This Studio",
  hereAbout: "The Studio fetches each file and gives it a public address.",
  thereAbout: (endpoint: string) =>
    `${endpoint} fetches each file and gives it a public address there. The Studio sends the links and watches until every file is there.`,
  checkedAt: (endpoint: string) => `For ${endpoint}`,
  made: (count: string, endpoint: string) =>
    `Links without a unique identifier (${count}) get one that begins with studio-, so that ${endpoint} never makes two files of one link.`,
  where: "Where",
  noneThere: "No links have been sent there yet",
  noneThereAbout:
    "Files that this Studio sends to the endpoint stand here. Others that it has cannot be listed.",
  fetching: "Fetching there",
  stopped: "Stopped",
  title: (endpoint: string) => `Files at ${endpoint}`,
  waiting: "waiting to be sent",
  fetchingThere: "being fetched there",
  leave:
    "You may leave this page: the server sends the rest and watches until every file is there.",
  heldTitle: (links: string, endpoint: string) =>
    `Stopped: ${links} for ${endpoint}`,
  goOn: "Send again now",
  cancelTitle: (links: string) => `Cancel ${links}?`,
  cancelAbout:
    "What has not been sent is not sent. Files that the endpoint has taken over may still come to be there; nobody watches them any more.",
  cancelConfirm: "Cancel them",
  publicUrl: "Public URL there",
  fileId: "File id there",
  endpoint: "Endpoint",
  idPending: "not told yet",
  madeBy: "made by the Studio",
};

/** Why a link is where it is, and what to do, for people. */
export function remoteNoteText(
  note: RemoteNote,
  { host, endpointName }: Pick<RemoteFile, "host" | "endpointName">,
): string {
  switch (note.is) {
    case "answer":
      return note.answer.outcome === "not_granted"
        ? notGranted(endpointName, note.answer.excerpt)
        : remoteSentence(note.answer, host);
    case "stopped":
      return note.text;
    case "refused":
      return note.text === ""
        ? `${endpointName} does not take this link, and does not say why. Ask there, or correct the link.`
        : `${endpointName} does not take this link. It says: “${note.text}”`;
    case "taken":
      return `A file at ${endpointName} has this unique identifier already: ${note.fileId}${note.publicUrl ? ` (${note.publicUrl})` : ""}. Correct the failed links to keep it, to replace it, or to give another identifier.`;
    case "not_fetched":
      return note.text === ""
        ? `${endpointName} could not fetch the file. Check the link, then retry.`
        : `${endpointName} could not fetch the file. It says: “${note.text}”`;
    case "not_there":
      return `${endpointName} took the link, but the file was not there ${note.hours} hours later. Retry to ask again, or ask there.`;
  }
}

/** Of an import the same answer is about a source. */
function notGranted(endpointName: string, said: string): string {
  const sentence = `${endpointName} does not let this provider send media links. Have it allowed there, then send again.`;
  return said === "" ? sentence : `${sentence} It says: “${said}”`;
}
