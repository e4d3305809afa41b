"use client";

import { useQuery } from "@tanstack/react-query";
import { KeyRound, Plus } from "lucide-react";

import { PartPlaceholder } from "@/components/shell/part-placeholder";
import { CopyButton } from "@/components/ui/copy-button";
import { EmptyState } from "@/components/ui/empty-state";
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
import { paths } from "@/lib/client/paths";
import { providerQueries } from "@/lib/client/provider-queries";
import type { Provider } from "@/lib/domain/provider";

const SOURCES_SHOWN_MAX = 3;

export function ProviderList({ mayCreate }: { mayCreate: boolean }) {
  const query = useQuery(providerQueries.list());
  if (!query.data) {
    return (
      <PartPlaceholder
        what="The providers"
        failure={query.error}
        retry={() => void query.refetch()}
      />
    );
  }
  if (query.data.length === 0) return <NoProvider mayCreate={mayCreate} />;
  return (
    <Table label="Providers">
      <TableHead>
        <TableRow>
          <TableHeader>Provider</TableHeader>
          <TableHeader>Id</TableHeader>
          <TableHeader>Allowed sources</TableHeader>
          <TableHeader>Secrets</TableHeader>
          <TableHeader>Last used</TableHeader>
        </TableRow>
      </TableHead>
      <TableBody>
        {query.data.map((provider) => (
          <TableRow key={provider.id}>
            <TableHeader scope="row" className="min-w-36">
              <TextLink
                href={paths.provider(provider.id)}
                className="break-words text-text"
              >
                {provider.name}
              </TextLink>
            </TableHeader>
            <TableCell>
              <span className="flex items-center gap-1">
                <code className="font-mono text-[0.8125rem] whitespace-nowrap text-muted">
                  {provider.id}
                </code>
                <CopyButton
                  text={provider.id}
                  label={`the id of ${provider.name}`}
                  isIconOnly
                  variant="ghost"
                />
              </span>
            </TableCell>
            <TableCell className="min-w-40">
              <SourceNames provider={provider} />
            </TableCell>
            <TableCell>
              <Secrets provider={provider} />
            </TableCell>
            <TableCell>
              <RelativeTime at={provider.lastUsedAt} />
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

function SourceNames({ provider: { sources } }: { provider: Provider }) {
  if (sources.length === 0) return <span className="text-muted">none</span>;
  const names = sources.map((source) => source.name);
  const rest = names.length - SOURCES_SHOWN_MAX;
  return (
    <span title={rest > 0 ? names.join(", ") : undefined}>
      {names.slice(0, SOURCES_SHOWN_MAX).join(", ")}
      {rest > 0 && ` and ${rest} more`}
    </span>
  );
}

function Secrets({ provider: { secrets } }: { provider: Provider }) {
  if (secrets.length === 0) {
    return <span className="text-warning-text">none: it cannot sign in</span>;
  }
  return (
    <ul>
      {secrets.map((secret) => (
        <li key={secret.id} className="whitespace-nowrap">
          ends in <code className="font-mono">…{secret.last4}</code>
        </li>
      ))}
    </ul>
  );
}

function NoProvider({ mayCreate }: { mayCreate: boolean }) {
  return (
    <EmptyState
      icon={<KeyRound />}
      title={mayCreate ? "Create your first provider" : "No provider yet"}
      actions={
        mayCreate && (
          <LinkButton href={paths.newProvider()} variant="primary">
            <Plus aria-hidden />
            Create a provider
          </LinkButton>
        )
      }
    >
      A provider is an id and a secret with which a program may push into the
      sources you choose.
      {!mayCreate && " Ask an administrator to create one."}
    </EmptyState>
  );
}
