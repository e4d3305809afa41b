import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import { languageName } from "@/lib/client/language-options";
import type { Entity } from "@/lib/domain/entity";
import { ENTRY_PREVIEW_WORDS as WORDS } from "@/lib/wording/import-check";

import { CellText } from "./cell-text";

/** An entity as property x language. */
export function EntityTable({ entity }: { entity: Entity }) {
  if (entity.properties.length === 0) {
    return (
      <p className="text-sm text-muted">
        {entity.delete ? WORDS.removed : WORDS.noProperty}
      </p>
    );
  }
  const languages = [
    ...new Set(entity.properties.map(({ language }) => language)),
  ].sort((a, b) => (a ?? "").localeCompare(b ?? ""));
  const byId = new Map<string, Map<string | null, string | null>>();
  for (const { id, language, value } of entity.properties) {
    const values = byId.get(id) ?? new Map<string | null, string | null>();
    byId.set(id, values.set(language, value));
  }
  return (
    <Table label={WORDS.properties} frameClassName="max-h-[32rem]">
      <TableHead>
        <TableRow>
          <TableHeader>{WORDS.property}</TableHeader>
          {languages.map((language) => (
            <TableHeader
              key={language ?? ""}
              title={language ? languageName(language) : undefined}
            >
              {language ?? WORDS.noLanguage}
            </TableHeader>
          ))}
        </TableRow>
      </TableHead>
      <TableBody>
        {[...byId].map(([id, values]) => (
          <TableRow key={id}>
            <TableHeader
              scope="row"
              className="max-w-64 min-w-40 font-mono text-xs wrap-anywhere whitespace-normal"
            >
              {id}
            </TableHeader>
            {languages.map((language) => (
              <TableCell
                key={language ?? ""}
                className="max-w-md min-w-32 align-top break-words whitespace-pre-wrap"
              >
                <Value value={values.get(language)} />
              </TableCell>
            ))}
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

function Value({ value }: { value: string | null | undefined }) {
  if (value === undefined) {
    return (
      <span className="text-border-strong" aria-label={WORDS.notSent}>
        –
      </span>
    );
  }
  if (value === null) {
    return <span className="text-danger-text italic">{WORDS.cleared}</span>;
  }
  if (value === "")
    return <span className="text-muted italic">{WORDS.emptyText}</span>;
  return <CellText text={value} />;
}
