import { mediaFilterSchema, type MediaFilter } from "@/lib/domain/media-page";

/** What the media page shows; all of it is in its address. */
export type MediaView = MediaFilter & {
  as: "gallery" | "table";
  /** The submissions, instead of the files. */
  list: "submissions" | null;
  /** A way to add files, instead of the list. */
  add: "links" | "files" | null;
  /** The submission that is watched, instead of the list. */
  submission: string | null;
  /** With `add=links`: the submission whose failed links are corrected. */
  from: string | null;
  /** The file whose details are open. */
  file: string | null;
};

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** An address that somebody has changed by hand shows what is readable of it. */
export function readMediaView(params: URLSearchParams): MediaView {
  const { text, type, state, endpoint } = mediaFilterSchema.shape;
  const id = (name: string) => {
    const value = params.get(name);
    return value !== null && UUID.test(value) ? value : null;
  };
  const add = params.get("add");
  return {
    text: text.safeParse(params.get("text") ?? "").data ?? "",
    type: type.safeParse(params.get("type")).data ?? null,
    state: state.safeParse(params.get("state")).data ?? null,
    endpoint: endpoint.safeParse(params.get("endpoint")).data ?? null,
    as: params.get("as") === "table" ? "table" : "gallery",
    list: params.get("list") === "submissions" ? "submissions" : null,
    add: add === "links" || add === "files" ? add : null,
    submission: id("submission"),
    from: id("from"),
    file: id("file"),
  };
}

/** The address members of a view, without those that say what is shown anyway. */
export function mediaViewParams(view: Partial<MediaView>): URLSearchParams {
  const params = new URLSearchParams();
  const { as, ...others } = view;
  for (const [name, value] of Object.entries(others)) {
    if (value) params.set(name, value);
  }
  if (as === "table") params.set("as", as);
  return params;
}
