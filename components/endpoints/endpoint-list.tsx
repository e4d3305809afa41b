import { Globe, Plus } from "lucide-react";

import { EmptyState } from "@/components/ui/empty-state";
import { LinkButton } from "@/components/ui/link-button";
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
import type { Endpoint } from "@/lib/domain/endpoint";
import { endpointWords } from "@/lib/wording/endpoints";

export function EndpointList({ endpoints }: { endpoints: Endpoint[] }) {
  if (endpoints.length === 0) {
    return (
      <EmptyState
        icon={<Globe />}
        title={endpointWords.empty}
        actions={
          <LinkButton href={paths.newEndpoint()} variant="primary">
            <Plus aria-hidden />
            {endpointWords.create}
          </LinkButton>
        }
      >
        {endpointWords.emptyAbout}
      </EmptyState>
    );
  }
  const { columns } = endpointWords;
  return (
    <Table label={endpointWords.title}>
      <TableHead>
        <TableRow>
          <TableHeader>{columns.name}</TableHeader>
          <TableHeader>{columns.url}</TableHeader>
          <TableHeader>{columns.secret}</TableHeader>
          <TableHeader>{columns.sources}</TableHeader>
        </TableRow>
      </TableHead>
      <TableBody>
        {endpoints.map((endpoint) => (
          <TableRow key={endpoint.id}>
            <TableHeader scope="row" className="min-w-36">
              <TextLink
                href={paths.endpoint(endpoint.id)}
                className="break-words text-text"
              >
                {endpoint.name}
              </TextLink>
            </TableHeader>
            <TableCell className="min-w-56">
              <code className="font-mono text-[0.8125rem] break-all">
                {endpoint.url}
              </code>
            </TableCell>
            <TableCell className="whitespace-nowrap">
              <span
                className={
                  endpoint.secretEnd === null ? "text-warning-text" : undefined
                }
              >
                {endpointWords.secretOf(endpoint.secretEnd)}
              </span>
            </TableCell>
            <TableCell className="min-w-40">
              {endpoint.sources.map(({ identifier }) => identifier).join(", ")}
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
