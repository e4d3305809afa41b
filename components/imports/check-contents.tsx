"use client";

import { useQuery } from "@tanstack/react-query";

import type { CheckedFile, OpenedFile } from "@/lib/client/import-session";
import { sourceQueries } from "@/lib/client/source-queries";
import type { ColumnMapping } from "@/lib/domain/mapping";

import { CheckLanguages } from "./check-languages";
import { CheckProperties } from "./check-properties";

type CheckContentsProps = {
  sourceId: string;
  opened: OpenedFile;
  checked: CheckedFile;
  /** Changes the mapping and checks again. */
  onMapping: (change: (mapping: ColumnMapping) => ColumnMapping) => void;
};

/** Properties and languages of a checked file, beside those that the source has. */
export function CheckContents(props: CheckContentsProps) {
  const { sourceId, opened, checked, onMapping } = props;
  const query = useQuery(sourceQueries.properties(sourceId));
  const known = query.data?.map(({ id, languages }) => ({
    id,
    languages: languages.map(({ language }) => language),
  }));
  if (checked.report.entities === 0) return null;
  return (
    <div className="space-y-4 empty:hidden">
      {known && (
        <CheckProperties
          sourceId={sourceId}
          known={known}
          opened={opened}
          insights={checked.insights}
          onMapping={onMapping}
        />
      )}
      <CheckLanguages known={known ?? []} insights={checked.insights} />
    </div>
  );
}
