import { Section } from "@/components/ui/card";
import { ROLES } from "@/lib/domain/user";

import { ROLE_TEXTS } from "./role-texts";

export function RoleLegend() {
  return (
    <Section title="What each role may do">
      <dl className="grid gap-4 sm:grid-cols-3">
        {ROLES.map((role) => (
          <div key={role}>
            <dt className="text-sm font-medium">{ROLE_TEXTS[role].label}</dt>
            <dd className="mt-0.5 text-[0.8125rem] text-muted">
              {ROLE_TEXTS[role].sentence}
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
