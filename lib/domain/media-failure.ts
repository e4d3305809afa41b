import type { LinkFailureCode } from "./media";

const TEXTS: Record<Exclude<LinkFailureCode, "remote_status">, string> = {
  unreachable:
    "The server of this link could not be reached. Check the host name and try again later.",
  insecure:
    "The server of this link has no valid certificate, or its encryption is outdated. Ask its owner to renew it.",
  refused:
    "This link may not be fetched from here: it, or a redirect of it, leads to an address, a port or a scheme that is not allowed. Use a public link, or ask the administrator to allow it.",
  too_large:
    "The file is larger than what is taken here. Make it smaller, or ask the administrator for the limit.",
  too_slow:
    "The server of this link answered too slowly. Try again later, or upload the file itself.",
  wrong_type:
    "The server sent a web page, or a packed answer, instead of the file. Open the link in a browser and use the address of the file itself.",
  empty:
    "The server of this link sent nothing: the file is empty. Check the file there.",
  cut_off:
    "The connection ended in the middle of the file; nothing of it was kept. Try again.",
};

/** What happened to a link that was not fetched, and what to do, for people. */
export function failureText(failure: {
  code: LinkFailureCode;
  status: number | null;
}): string {
  if (failure.code !== "remote_status") return TEXTS[failure.code];
  return `The server of this link answered with status ${failure.status ?? "unknown"}. ${adviceFor(failure.status ?? 0)}`;
}

function adviceFor(status: number): string {
  if (status === 401 || status === 403 || status === 407)
    return "The file is not public there. Use a link that opens without signing in.";
  if (status === 404 || status === 410)
    return "There is no file at this address. Check the link.";
  if (status === 408 || status === 429 || status >= 500)
    return "It is busy or out of order. Try again later.";
  if (status >= 300 && status < 400)
    return "It redirects too often or nowhere. Use the address where the file is in the end.";
  return "Open the link in a browser and check that it leads to the file.";
}
