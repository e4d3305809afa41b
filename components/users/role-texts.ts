import type { Role } from "@/lib/domain/user";

export const ROLE_TEXTS: Record<Role, { label: string; sentence: string }> = {
  admin: {
    label: "Admin",
    sentence: "May do everything, and manages users and providers.",
  },
  editor: {
    label: "Editor",
    sentence: "Creates and edits sources and imports spreadsheets into them.",
  },
  viewer: {
    label: "Viewer",
    sentence: "Sees sources, entries and imports, and changes nothing.",
  },
};
