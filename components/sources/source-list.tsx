"use client";

import { useQuery } from "@tanstack/react-query";
import { Database, Plus } from "lucide-react";
import { useDeferredValue, useState } from "react";

import { PartPlaceholder } from "@/components/shell/part-placeholder";
import { Badge } from "@/components/ui/badge";
import { EmptyState } from "@/components/ui/empty-state";
import { TextField } from "@/components/ui/field";
import { LinkButton } from "@/components/ui/link-button";
import { RelativeTime } from "@/components/ui/relative-time";
import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import { TextLink } from "@/components/ui/text-link";
import { formatNumber } from "@/lib/client/format-number";
import { paths } from "@/lib/client/paths";
import { sourceQueries } from "@/lib/client/source-queries";
import type { Source } from "@/lib/domain/source";
import { endpointWords } from "@/lib/wording/endpoints";

/** About a screenful: more than this gets a search box. */
const UNSEARCHED_MAX = 12;
const PROVIDERS_SHOWN_MAX = 3;

export function SourceList({ mayCreate }: { mayCreate: boolean }) {
  const query = useQuery(sourceQueries.list());
  const [text, setText] = useState("");
  const wanted = useDeferredValue(text);

  if (!query.data) {
    return (
      <PartPlaceholder
        what="The sources"
        failure={query.error}
        retry={() => void query.refetch()}
      />
    );
  }
  if (query.data.length === 0) return <NoSource mayCreate={mayCreate} />;

  const shown = query.data.filter((source) => isWanted(source, wanted));
  return (
    <div className="space-y-4">
      {query.data.length > UNSEARCHED_MAX && (
        <TextField
          label="Search sources"
          isLabelHidden
          type="search"
          placeholder="Search by name, identifier or origin"
          value={text}
          onChange={(event) => setText(event.target.value)}
          className="max-w-sm"
        />
      )}
      <p role="status" className="sr-only">
        {wanted && `${shown.length} of ${query.data.length} sources`}
      </p>
      {shown.length === 0 ? (
        <p className="py-8 text-center text-sm text-muted">
          No source matches “{wanted}”.
        </p>
      ) : (
        <SourceTable sources={shown} />
      )}
    </div>
  );
}

function isWanted(source: Source, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  return [source.name, source.identifier, source.originSystem].some((value) =>
    value.toLowerCase().includes(wanted),
  );
}

function SourceTable({ sources }: { sources: Source[] }) {
  return (
    <Table label="Sources">
      <TableHead>
        <TableRow>
          <TableHeader>Source</TableHeader>
          <TableHeader isNumeric>Entries</TableHeader>
          <TableHeader>Last import</TableHeader>
          <TableHeader>Providers</TableHeader>
        </TableRow>
      </TableHead>
      <TableBody>
        {sources.map((source) => (
          <TableRow key={source.id}>
            <TableHeader scope="row" className="min-w-44">
              <TextLink href={paths.source(source.id)} className="text-text">
                {source.name}
              </TextLink>
              {source.endpoint && (
                <Badge className="ml-2">
                  {endpointWords.remoteAt(source.endpoint.name)}
                </Badge>
              )}
              <p className="font-normal wrap-anywhere text-muted">
                <code className="font-mono text-[0.8125rem]">
                  {source.identifier}
                </code>
                {source.originSystem && (
                  <span className="text-[0.8125rem] wrap-anywhere">
                    {" "}
                    · {source.originSystem}
                  </span>
                )}
              </p>
            </TableHeader>
            <TableCell isNumeric>{formatNumber(source.entryCount)}</TableCell>
            <TableCell>
              <RelativeTime at={source.lastImportAt} />
            </TableCell>
            <TableCell className="min-w-32">
              {source.endpoint ? (
                <span className="text-muted">{endpointWords.noProviders}</span>
              ) : (
                <ProviderNames source={source} />
              )}
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

function ProviderNames({ source: { providers } }: { source: Source }) {
  if (providers.length === 0) return <span className="text-muted">none</span>;
  const names = providers.map((provider) => provider.name);
  const rest = names.length - PROVIDERS_SHOWN_MAX;
  return (
    <span title={rest > 0 ? names.join(", ") : undefined}>
      {names.slice(0, PROVIDERS_SHOWN_MAX).join(", ")}
      {rest > 0 && ` and ${rest} more`}
    </span>
  );
}

function NoSource({ mayCreate }: { mayCreate: boolean }) {
  if (!mayCreate) {
    return (
      <EmptyState icon={<Database />} title="No source yet">
        Ask an editor or an administrator to create the first one.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={<Database />}
      title="Create your first source"
      actions={
        <LinkButton href={paths.newSource()} variant="primary">
          <Plus aria-hidden />
          Create a source
        </LinkButton>
      }
    >
      A source holds one kind of data from one place, such as the products of
      your ERP. Then import a spreadsheet into it, or let a program push to it.
    </EmptyState>
  );
}
