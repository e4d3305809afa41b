import { formatCount } from "@/lib/client/format-number";
import { remoteSentence, type RemoteAnswer } from "@/lib/domain/remote-answer";

/** Answers that took longer are said to be slow. */
const SLOW_MS = 3_000;

/** Texts about endpoints: ingest APIs that somebody else runs. */
export const endpointWords = {
  title: "Endpoints",
  about:
    "Ingest APIs that somebody else runs. The Studio keeps the provider’s secret and passes imports on; their sources stand beside your own.",
  create: "Add an endpoint",
  createAbout:
    "You need a provider id and a secret that the other side has given out.",
  empty: "Add the first endpoint",
  emptyAbout:
    "With a provider id, a secret and the identifiers of the sources, people can import spreadsheets into a tenant that is kept elsewhere.",
  columns: {
    name: "Endpoint",
    url: "Address",
    secret: "Secret",
    sources: "Sources",
  },
  form: {
    name: "Name",
    nameHint: "Such as Occtoo production.",
    url: "Address of the ingest API",
    urlHint: "What stands before /dataProviders and /import.",
    plain:
      "Over http:// the secret can be read on the way. Use https:// unless both are on the same machine.",
    provider: "Provider id",
    secret: "Secret",
    newSecret: "New secret",
    secretKept: (end: string) =>
      end === ""
        ? "One is stored. Leave this empty to keep it."
        : `One is stored; it ends in …${end}. Leave this empty to keep it.`,
    secretDropped:
      "The address leads elsewhere now. Saving drops the stored secret: enter one below for the new address.",
    secretOfNew: "For the new address.",
    secretMissing: "None is stored.",
    secretNeeded: "Give the secret.",
    secretHint: "Stored sealed, and never shown again.",
    sources: "Source identifiers",
    sourcesHint:
      "One a line, as they are called there. To remove one that is listed already, delete it on its own page.",
    save: "Save",
    add: "Add endpoint",
  },
  settings: "Settings",
  saved: "Saved",
  secretOf: (end: string | null) =>
    end === null ? "missing" : end === "" ? "set" : `set, ends in …${end}`,
  test: {
    title: "Test the connection",
    about:
      "Fetches a token and sends an empty import to each source. Nothing is changed there.",
    run: "Test now",
    noSecret:
      "No secret is stored, so nothing can be sent. Enter it below and save.",
    signIn: "Signing in",
    running: "Testing …",
    works: "works",
    worksSlowly: (ms: number) =>
      `works, but took ${Math.round(ms / 100) / 10} s`,
    unread: "The test could not be run. Try again in a moment.",
  },
  remove: {
    title: "Delete this endpoint",
    about:
      "Removes the secret, its sources and what this Studio knows of them. Nothing changes on the other side.",
    button: "Delete endpoint…",
    confirmTitle: (name: string) => `Delete ${name}?`,
    confirm: "Delete this endpoint",
    warning: (sources: number) =>
      `${formatCount(sources, "remote source")} and their import runs go with it. This cannot be undone.`,
    done: (name: string) => `The endpoint ${name} was deleted`,
  },
  /** Of a remote source: providers of ours cannot push to it. */
  noProviders: "through the endpoint",
  remoteAt: (name: string) => `at ${name}`,
  keptThere: (name: string) => `Nothing changes at ${name}.`,
  notEmptied: "An ingest API has no way to do that.",
  remoteAbout: (name: string) =>
    `Kept by ${name}. Entries and counts here are what was accepted there through this Studio; others may have written there too.`,
};

/** What a test of the connection found, in words. */
export function testSentence(answer: RemoteAnswer, host: string): string {
  if (answer.outcome !== "accepted") return remoteSentence(answer, host);
  const { works, worksSlowly } = endpointWords.test;
  return answer.ms > SLOW_MS ? worksSlowly(answer.ms) : works;
}
