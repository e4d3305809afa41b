import { Lock } from "lucide-react";

import { EmptyState } from "@/components/ui/empty-state";
import { LinkButton } from "@/components/ui/link-button";
import { paths } from "@/lib/client/paths";
import type { Role } from "@/lib/domain/user";

/** In place of a page that the person's role does not open. */
export function NoAccessState({ role }: { role: Role }) {
  return (
    <EmptyState
      heading="h1"
      icon={<Lock />}
      title="Your role does not open this page"
      actions={
        <LinkButton href={paths.sources()}>Go to the sources</LinkButton>
      }
    >
      It needs the role {role}. Ask an admin to do it, or to change your role.
    </EmptyState>
  );
}
