import { useQuery } from "@tanstack/react-query";
import { FileUp } from "lucide-react";

import { LinkButton } from "@/components/ui/link-button";
import { paths } from "@/lib/client/paths";
import { sourceQueries } from "@/lib/client/source-queries";

/** The ways to fill a source that is empty; nobody pushes here to a remote one. */
export function FirstImportLinks({
  sourceId,
  mayImport,
}: {
  sourceId: string;
  mayImport: boolean;
}) {
  const source = useQuery(sourceQueries.one(sourceId));
  return (
    <>
      {mayImport && (
        <LinkButton href={paths.importInto(sourceId)}>
          <FileUp aria-hidden />
          Import a spreadsheet
        </LinkButton>
      )}
      {!source.data?.endpoint && (
        <LinkButton href={paths.sourcePush(sourceId)} variant="ghost">
          See how to push
        </LinkButton>
      )}
    </>
  );
}
