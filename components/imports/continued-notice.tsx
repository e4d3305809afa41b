import { Notice } from "@/components/ui/notice";
import { TextLink } from "@/components/ui/text-link";
import type { ImportSession } from "@/lib/client/import-session";
import { paths } from "@/lib/client/paths";
import { continuedTexts } from "@/lib/wording/receipts";

/** Says of a file of rejected rows which run it goes on with, and what was taken over. */
export function ContinuedNotice({ session }: { session: ImportSession }) {
  if (!("opened" in session) || !session.opened.continued) return null;
  const { run, mapping } = session.opened.continued;
  const report = "checked" in session ? session.checked.report : undefined;
  const texts = continuedTexts({
    rows: report && report.rowsRead - report.rowsBlank,
    fileName: run?.fileName,
    isMappingTaken: mapping !== undefined,
  });
  return (
    <Notice title={texts.title}>
      {texts.text}
      {run && (
        <>
          {" "}
          <TextLink href={paths.importRun(run.id)} target="_blank">
            {texts.link}
          </TextLink>
        </>
      )}
    </Notice>
  );
}
