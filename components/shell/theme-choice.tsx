"use client";

import { Monitor, Moon, Sun } from "lucide-react";
import { useSyncExternalStore } from "react";

import { MenuChoice } from "@/components/ui/dropdown-menu";

const THEMES = [
  { value: "system", label: "Theme of the system", icon: <Monitor /> },
  { value: "light", label: "Light theme", icon: <Sun /> },
  { value: "dark", label: "Dark theme", icon: <Moon /> },
] as const;

type Theme = (typeof THEMES)[number]["value"];

/** Light, dark or as the system, within a menu; public/theme.js applies it. */
export function ThemeChoice() {
  const theme = useSyncExternalStore<Theme>(
    onThemeChange,
    readTheme,
    () => "system",
  );
  return (
    <MenuChoice
      label="Theme"
      value={theme}
      onValueChange={writeTheme}
      options={THEMES}
    />
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
