import type { LinkFailureCode } from "./media";

/** What people and programs read when a link was not fetched, and what to do. Says nothing of the inside of any network. */
const TEXTS: Record<LinkFailureCode, string> = {
  unreachable:
    "The server of the link could not be reached. Check the address, then try again.",
  refused:
    "Files are not fetched from this address: it is not public, or the administrator does not allow it.",
  too_large:
    "The file is larger than what is taken. Send a smaller one, or ask the administrator for the limit.",
  too_slow: "The file did not arrive in time. Try again later.",
  wrong_type:
    "The link gives a web page or another type that is not taken. Use the address of the file itself.",
  remote_status: "The server of the link did not give the file.",
  empty: "The link gives an empty file. Check it, then try again.",
  cut_off: "The file arrived in part only. Try again.",
};

/** One sentence or two on a failed download. */
export function failureText(failure: {
  code: LinkFailureCode;
  status: number | null;
}): string {
  if (failure.code !== "remote_status" || failure.status === null)
    return TEXTS[failure.code];
  return `The server of the link answered ${failure.status}. Check that the link opens without signing in, then try again.`;
}
