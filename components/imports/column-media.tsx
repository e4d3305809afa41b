"use client";

import { Checkbox } from "@/components/ui/checkbox";
import { Combobox, type ComboboxOption } from "@/components/ui/combobox";
import { Select } from "@/components/ui/select";
import { suggestMediaUse } from "@/lib/domain/link-cell";
import {
  LINK_SEPARATORS,
  type ColumnUse,
  type LinkSeparator,
} from "@/lib/domain/mapping";
import { COLUMN_WORDS } from "@/lib/wording/import-columns";
import { IMPORT_MEDIA, SEPARATOR_NAMES } from "@/lib/wording/import-media";

type PropertyUse = Extract<ColumnUse, { as: "property" }>;

/** For a column of links: whether their files are fetched, and how. Nothing for other columns. */
export function ColumnMedia({
  name,
  use,
  samples,
  propertyOptions,
  isInvalid,
  problemId,
  onUse,
}: {
  name: string;
  use: PropertyUse;
  samples: readonly string[];
  propertyOptions: readonly ComboboxOption[];
  isInvalid: boolean;
  problemId: string;
  onUse: (use: PropertyUse) => void;
}) {
  const { media } = use;
  const suggested = media ?? suggestMediaUse(use.id, samples);
  if (!suggested) return null;
  return (
    <div className="mt-2 space-y-2">
      <Checkbox
        label={IMPORT_MEDIA.switch}
        aria-label={IMPORT_MEDIA.switchOf(name)}
        hint={media ? IMPORT_MEDIA.switchHint : undefined}
        checked={media !== undefined}
        onChange={({ target }) =>
          onUse({ ...use, media: target.checked ? suggested : undefined })
        }
      />
      {media && (
        <div className="grid gap-2 sm:grid-cols-2">
          <Select
            aria-label={IMPORT_MEDIA.separatorOf(name)}
            value={media.separator}
            onChange={({ target }) => {
              const separator = target.value as LinkSeparator;
              onUse({ ...use, media: { ...media, separator } });
            }}
          >
            {LINK_SEPARATORS.map((separator) => (
              <option key={separator} value={separator}>
                {SEPARATOR_NAMES[separator]}
              </option>
            ))}
          </Select>
          <div className="flex min-w-0 items-center gap-2 text-[0.8125rem] text-muted">
            <span className="shrink-0">{IMPORT_MEDIA.ids}</span>
            <Combobox
              className="min-w-0 flex-1"
              aria-label={IMPORT_MEDIA.idsOf(name)}
              aria-invalid={isInvalid}
              aria-describedby={isInvalid ? problemId : ""}
              placeholder={IMPORT_MEDIA.idsPlaceholder}
              value={media.idProperty ?? ""}
              options={propertyOptions}
              newValueLabel={COLUMN_WORDS.newProperty}
              onValueChange={(text) => {
                const idProperty = text.trim() || null;
                onUse({ ...use, media: { ...media, idProperty } });
              }}
            />
          </div>
        </div>
      )}
    </div>
  );
}
