import { Compass } from "lucide-react";
import type { Route } from "next";

import { EmptyState } from "@/components/ui/empty-state";
import { LinkButton } from "@/components/ui/link-button";
import { paths } from "@/lib/client/paths";

export function NotFoundState({
  title = "Nothing is here",
  message = "It may have been deleted, or the address has a mistake in it.",
  back = { label: "Go to the sources", href: paths.sources() },
}: {
  title?: string;
  message?: string;
  back?: { label: string; href: Route };
}) {
  return (
    <EmptyState
      heading="h1"
      icon={<Compass />}
      title={title}
      actions={<LinkButton href={back.href}>{back.label}</LinkButton>}
    >
      {message}
    </EmptyState>
  );
}
