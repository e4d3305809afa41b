"use client";

import {
  Braces,
  Database,
  FileInput,
  Globe,
  Image,
  KeyRound,
  Users,
} from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";

import { classNames } from "@/lib/client/class-names";
import { paths } from "@/lib/client/paths";
import type { Role } from "@/lib/domain/user";

const PLACES = [
  { href: paths.sources(), label: "Sources", icon: Database },
  { href: paths.providers(), label: "Providers", icon: KeyRound },
  { href: paths.imports(), label: "Imports", icon: FileInput },
  { href: paths.media(), label: "Media", icon: Image },
  { href: paths.apiGuide(), label: "API", icon: Braces },
];

const ADMIN_PLACES = [
  { href: paths.endpoints(), label: "Endpoints", icon: Globe },
  { href: paths.users(), label: "Users", icon: Users },
];

export function Navigation({
  role,
  onNavigate,
}: {
  role: Role;
  onNavigate?: () => void;
}) {
  const pathname = usePathname();
  const link = ({ href, label, icon: Icon }: (typeof PLACES)[number]) => {
    const isCurrent = pathname === href || pathname.startsWith(`${href}/`);
    return (
      <li key={href}>
        <Link
          href={href}
          onClick={onNavigate}
          aria-current={isCurrent ? "page" : undefined}
          className={classNames(
            "flex h-9 items-center gap-2.5 rounded-control px-2.5 text-sm font-medium text-muted transition-colors hover:bg-sunken hover:text-text",
            isCurrent &&
              "bg-accent-soft text-accent-text hover:bg-accent-soft hover:text-accent-text",
          )}
        >
          <Icon aria-hidden className="size-[1.125rem] shrink-0" />
          {label}
        </Link>
      </li>
    );
  };

  return (
    <nav aria-label="Main">
      <ul className="flex flex-col gap-0.5">{PLACES.map(link)}</ul>
      {role === "admin" && (
        <>
          <p className="mt-6 mb-1 px-2.5 text-xs font-medium text-muted">
            Administration
          </p>
          <ul className="flex flex-col gap-0.5">{ADMIN_PLACES.map(link)}</ul>
        </>
      )}
    </nav>
  );
}
