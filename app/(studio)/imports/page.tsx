import { RunList } from "@/components/imports/run-list";
import { PageHeader } from "@/components/shell/page-header";
import { importQueries } from "@/lib/client/import-queries";
import { seedQueries } from "@/lib/client/seed-queries";
import { SeededQueries } from "@/lib/client/seeded-queries";
import { listRuns } from "@/lib/server/imports/service";
import { requireSession } from "@/lib/server/session";
import { listSources } from "@/lib/server/sources/service";
import { RUN_LIST_WORDS, RUN_WORDS } from "@/lib/wording/import-run";

export const metadata = { title: RUN_WORDS.runs };

export default async function ImportsPage() {
  const ctx = await requireSession();
  const [runs, sources] = await Promise.all([listRuns(ctx), listSources(ctx)]);
  return (
    <SeededQueries state={seedQueries([importQueries.list({}).queryKey, runs])}>
      <PageHeader title={RUN_WORDS.runs} description={RUN_LIST_WORDS.hint} />
      <RunList sources={sources.map(({ id, name }) => ({ id, name }))} />
    </SeededQueries>
  );
}
