import { FileUp } from "lucide-react";

import { LinkButton } from "@/components/ui/link-button";
import { paths } from "@/lib/client/paths";

/** The two ways to fill a source that is empty. */
export function FirstImportLinks({
  sourceId,
  mayImport,
}: {
  sourceId: string;
  mayImport: boolean;
}) {
  return (
    <>
      {mayImport && (
        <LinkButton href={paths.importInto(sourceId)}>
          <FileUp aria-hidden />
          Import a spreadsheet
        </LinkButton>
      )}
      <LinkButton href={paths.sourcePush(sourceId)} variant="ghost">
        See how to push
      </LinkButton>
    </>
  );
}
