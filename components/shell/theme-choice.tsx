"use client";

import { Monitor, Moon, Sun } from "lucide-react";
import { useSyncExternalStore } from "react";

import { classNames } from "@/lib/client/class-names";

const THEMES = [
  { value: "system", label: "As the system", icon: Monitor },
  { value: "light", label: "Light", icon: Sun },
  { value: "dark", label: "Dark", icon: Moon },
] as const;

type Theme = (typeof THEMES)[number]["value"];

/** Light, dark or as the system; public/theme.js applies it. */
export function ThemeChoice() {
  const theme = useSyncExternalStore(onThemeChange, readTheme, () => "system");
  return (
    <div
      role="radiogroup"
      aria-label="Theme"
      className="flex gap-0.5 rounded-control bg-sunken p-0.5"
    >
      {THEMES.map(({ value, label, icon: Icon }) => (
        <label
          key={value}
          title={label}
          className="relative flex h-7 flex-1 items-center justify-center rounded-md text-muted transition-colors hover:text-text has-checked:bg-raised has-checked:text-text has-checked:shadow-card has-focus-visible:outline-2 has-focus-visible:outline-focus"
        >
          <input
            type="radio"
            name="theme"
            value={value}
            checked={theme === value}
            onChange={() => writeTheme(value)}
            aria-label={label}
            className={classNames(
              "absolute inset-0 appearance-none rounded-md focus-visible:outline-none",
            )}
          />
          <Icon aria-hidden className="size-4" />
        </label>
      ))}
    </div>
  );
}

function readTheme(): Theme {
  try {
    const stored = localStorage.getItem("theme");
    return stored === "light" || stored === "dark" ? stored : "system";
  } catch {
    return "system";
  }
}

function writeTheme(theme: Theme) {
  try {
    if (theme === "system") localStorage.removeItem("theme");
    else localStorage.setItem("theme", theme);
  } catch {
    // Storage is forbidden: the choice cannot be kept.
  }
  dispatchEvent(new Event("themechange"));
}

function onThemeChange(tell: () => void): () => void {
  addEventListener("themechange", tell);
  addEventListener("storage", tell);
  return () => {
    removeEventListener("themechange", tell);
    removeEventListener("storage", tell);
  };
}
