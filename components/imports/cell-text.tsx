import { textParts } from "@/lib/client/text-parts";

const SHOWN_CHARS_MAX = 200;

/** A cell as it is, with marks for what cannot be seen. */
export function CellText({ text }: { text: string }) {
  const parts = textParts(text.slice(0, SHOWN_CHARS_MAX));
  return (
    <bdi dir="auto">
      {parts.map((part, index) =>
        part.is === "text" ? (
          part.text
        ) : (
          <span
            key={index}
            title={part.name}
            aria-label={part.name}
            role="img"
            className="rounded-sm bg-warning-soft text-warning-text"
          >
            {part.mark}
          </span>
        ),
      )}
      {text.length > SHOWN_CHARS_MAX && "…"}
    </bdi>
  );
}
