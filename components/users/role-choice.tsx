"use client";

import { RadioGroup } from "@/components/ui/radio-group";
import { ROLES, type Role } from "@/lib/domain/user";

import { ROLE_TEXTS } from "./role-texts";

export function RoleChoice({
  value,
  onValueChange,
  isLegendHidden = false,
}: {
  value: Role;
  onValueChange: (role: Role) => void;
  isLegendHidden?: boolean;
}) {
  return (
    <RadioGroup
      legend="Role"
      isLegendHidden={isLegendHidden}
      layout="cards"
      value={value}
      onValueChange={onValueChange}
      options={ROLES.map((role) => ({
        value: role,
        label: ROLE_TEXTS[role].label,
        hint: ROLE_TEXTS[role].sentence,
      }))}
    />
  );
}
