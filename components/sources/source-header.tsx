"use client";

import { useQuery } from "@tanstack/react-query";
import { FileUp } from "lucide-react";
import { usePathname } from "next/navigation";

import { PageHeader } from "@/components/shell/page-header";
import { Badge } from "@/components/ui/badge";
import { LinkButton } from "@/components/ui/link-button";
import { RelativeTime } from "@/components/ui/relative-time";
import { TabNav } from "@/components/ui/tab-nav";
import { formatCount, formatNumber } from "@/lib/client/format-number";
import { paths } from "@/lib/client/paths";
import { sourceQueries } from "@/lib/client/source-queries";
import type { Source } from "@/lib/domain/source";
import { endpointWords } from "@/lib/wording/endpoints";

export function SourceHeader({
  source: read,
  mayImport,
}: {
  source: Source;
  mayImport: boolean;
}) {
  const pathname = usePathname();
  const { data: source = read } = useQuery(sourceQueries.one(read.id));
  const isImporting = pathname === paths.importInto(source.id);
  // The settings have a main button of their own.
  const isMain = pathname !== paths.sourceSettings(source.id);
  return (
    <>
      <PageHeader
        breadcrumbs={[{ label: "Sources", href: paths.sources() }]}
        title={source.name}
        meta={
          <>
            <code className="rounded-md bg-sunken px-1.5 py-0.5 font-mono text-[0.8125rem] wrap-anywhere text-muted ring-1 ring-border ring-inset">
              {source.identifier}
            </code>
            {source.endpoint && (
              <Badge>{endpointWords.remoteAt(source.endpoint.name)}</Badge>
            )}
          </>
        }
        description={
          <>
            {formatCount(source.entryCount, "entry", "entries")}
            {" · "}
            {source.lastImportAt ? (
              <>
                last import <RelativeTime at={source.lastImportAt} />
              </>
            ) : (
              "nothing imported yet"
            )}
            {source.originSystem && ` · from ${source.originSystem}`}
            {source.endpoint && (
              <span className="mt-1 block">
                {endpointWords.remoteAbout(source.endpoint.name)}
              </span>
            )}
            {source.description && (
              <span className="mt-1 line-clamp-3 whitespace-pre-line">
                {source.description}
              </span>
            )}
          </>
        }
        actions={
          mayImport &&
          !isImporting && (
            <LinkButton
              href={paths.importInto(source.id)}
              variant={isMain ? "primary" : "secondary"}
            >
              <FileUp aria-hidden />
              Import a spreadsheet
            </LinkButton>
          )
        }
      />
      <TabNav
        label={`Parts of ${source.name}`}
        className="mb-6"
        tabs={[
          { href: paths.source(source.id), label: "Properties" },
          {
            href: paths.sourceEntries(source.id),
            label: "Entries",
            count: formatNumber(source.entryCount),
            isPrefix: true,
          },
          { href: paths.sourceImports(source.id), label: "Imports" },
          ...(source.endpoint
            ? []
            : [{ href: paths.sourcePush(source.id), label: "How to push" }]),
          { href: paths.sourceSettings(source.id), label: "Settings" },
        ]}
      />
    </>
  );
}
