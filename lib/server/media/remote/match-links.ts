import "server-only";

import { linkKeys } from "@/lib/domain/wire-media-answer";
import type {
  PartialAnswer,
  RemoteUpload,
} from "@/lib/server/endpoints/service";

type Sent = { link: string; uniqueIdentifier: string };

/** What an answer says of one link; `unnamed`: nothing that can be told to be about it. */
export type LinkVerdict =
  | { is: "taken_in"; upload: RemoteUpload }
  | { is: "refused"; text: string }
  | { is: "unnamed" };

/**
 * Which item of an answer to links is about which of them. What the items are
 * named by is not published: the identifier, the link, or the link with the
 * number of its repetition.
 */
export function matchLinks<Link extends Sent>(
  links: readonly Link[],
  { succeeded, failures }: PartialAnswer<RemoteUpload>,
): { link: Link; verdict: LinkVerdict }[] {
  const byIdentifier = new Map<string, RemoteUpload>();
  for (const upload of succeeded.values()) {
    if (upload.uniqueIdentifier !== null)
      byIdentifier.set(upload.uniqueIdentifier, upload);
  }
  const keys = linkKeys(links.map(({ link }) => link));
  return links.map((link, at) => {
    const names = [link.uniqueIdentifier, keys[at] ?? link.link];
    const upload =
      byIdentifier.get(link.uniqueIdentifier) ??
      first(names, (name) => {
        const named = succeeded.get(name);
        const isOthers =
          (named?.uniqueIdentifier ?? link.uniqueIdentifier) !==
          link.uniqueIdentifier;
        return isOthers ? undefined : named;
      });
    if (upload) return { link, verdict: { is: "taken_in", upload } };
    const text = first(names, (name) => failures.get(name));
    return {
      link,
      verdict: text === undefined ? { is: "unnamed" } : { is: "refused", text },
    };
  });
}

function first<T>(
  names: readonly string[],
  find: (name: string) => T | undefined,
): T | undefined {
  for (const name of names) {
    const found = find(name);
    if (found !== undefined) return found;
  }
  return undefined;
}
