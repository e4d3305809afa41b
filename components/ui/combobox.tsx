"use client";

import { Check, ChevronsUpDown } from "lucide-react";
import { Popover } from "radix-ui";
import {
  useId,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type RefObject,
} from "react";

import { classNames } from "@/lib/client/class-names";

import { controlStyle } from "./control-style";
import { useFieldControl } from "./field";

export type ComboboxOption = {
  value: string;
  /** Shown instead of the value. */
  label?: string;
  hint?: string;
};

type ComboboxProps = {
  value: string;
  onValueChange: (value: string) => void;
  options: readonly ComboboxOption[];
  id?: string;
  "aria-label"?: string;
  "aria-describedby"?: string;
  "aria-invalid"?: boolean;
  placeholder?: string;
  disabled?: boolean;
  /** What the last row says when the typed text is none of the options. */
  newValueLabel?: (text: string) => string;
  className?: string;
};

/** Rows drawn at once; typing narrows the rest. */
const SHOWN_MAX = 100;

/**
 * A text box with suggestions. Any text may stay in it: what was typed is the
 * value, the list only helps. Its text is the value, so options should be
 * recognisable by their value.
 */
export function Combobox({
  value,
  onValueChange,
  options,
  placeholder,
  disabled = false,
  newValueLabel = (text) => `Use “${text}”`,
  className,
  ...own
}: ComboboxProps) {
  const control = useFieldControl(own);
  const listId = useId();
  const input = useRef<HTMLInputElement>(null);
  const [isOpen, setIsOpen] = useState(false);
  /** Until something is typed the whole list is shown, whatever the value. */
  const [isFiltering, setIsFiltering] = useState(false);
  const [active, setActive] = useState(-1);

  const shown = useMemo(
    () => (isOpen ? matching(options, isFiltering ? value : "") : []),
    [isOpen, isFiltering, options, value],
  );
  const isNew =
    isOpen && value !== "" && !options.some((option) => option.value === value);
  const isListShown = isOpen && (shown.length > 0 || isNew);

  function open() {
    if (disabled || isOpen) return;
    setIsFiltering(false);
    setActive(-1);
    setIsOpen(true);
  }

  function choose(chosen: string) {
    onValueChange(chosen);
    setIsOpen(false);
    input.current?.focus();
  }

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen) return open();
      if (shown.length === 0) return;
      const step = event.key === "ArrowDown" ? 1 : -1;
      const next = active + step;
      const wrapped =
        next < 0 ? shown.length - 1 : next >= shown.length ? 0 : next;
      setActive(wrapped);
      document
        .getElementById(optionId(listId, wrapped))
        ?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter" && isOpen) {
      event.preventDefault();
      const option = shown[active];
      if (option) choose(option.value);
      else setIsOpen(false);
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      event.stopPropagation();
      setIsOpen(false);
    } else if (event.key === "Tab") {
      setIsOpen(false);
    }
  }

  return (
    <span className={classNames("relative block min-w-0", className)}>
      <input
        ref={input}
        type="text"
        role="combobox"
        autoComplete="off"
        spellCheck={false}
        {...own}
        {...control}
        aria-autocomplete="list"
        aria-expanded={isListShown}
        aria-controls={isListShown ? listId : undefined}
        aria-activedescendant={
          isListShown && active >= 0 ? optionId(listId, active) : undefined
        }
        disabled={disabled}
        placeholder={placeholder}
        value={value}
        onChange={(event) => {
          setIsOpen(true);
          setIsFiltering(true);
          setActive(-1);
          onValueChange(event.target.value);
        }}
        onClick={open}
        onBlur={() => setIsOpen(false)}
        onKeyDown={onKeyDown}
        className={classNames(controlStyle, "h-9 pr-8")}
      />
      <ChevronsUpDown
        aria-hidden
        className="pointer-events-none absolute top-1/2 right-2.5 size-3.5 -translate-y-1/2 text-muted"
      />
      {isListShown && (
        <Suggestions
          {...{ listId, input, shown, value, active, setActive, choose }}
          newLabel={isNew ? newValueLabel(value) : undefined}
        />
      )}
    </span>
  );
}

function Suggestions({
  listId,
  input,
  shown,
  value,
  active,
  setActive,
  choose,
  newLabel,
}: {
  listId: string;
  input: RefObject<HTMLInputElement | null>;
  shown: readonly ComboboxOption[];
  value: string;
  active: number;
  setActive: (index: number) => void;
  choose: (value: string) => void;
  /** Last row, when the typed text is none of the options. */
  newLabel: string | undefined;
}) {
  return (
    <Popover.Root open>
      <Popover.Anchor virtualRef={input} />
      <Popover.Portal>
        <Popover.Content
          id={listId}
          role="listbox"
          aria-label="Suggestions"
          align="start"
          sideOffset={4}
          onOpenAutoFocus={(event) => event.preventDefault()}
          onCloseAutoFocus={(event) => event.preventDefault()}
          // The text box keeps the focus; a click in the list must not take it.
          onMouseDown={(event) => event.preventDefault()}
          className="z-50 max-h-64 w-(--radix-popover-trigger-width) min-w-44 overflow-y-auto rounded-control border border-border bg-raised p-1 text-sm shadow-raised"
        >
          {shown.map((option, index) => (
            <div
              key={option.value}
              id={optionId(listId, index)}
              role="option"
              aria-selected={option.value === value}
              onClick={() => choose(option.value)}
              onMouseMove={() => setActive(index)}
              className={classNames(
                "flex cursor-pointer items-center gap-2 rounded-md px-2 py-1.5",
                index === active && "bg-accent-soft text-accent-text",
              )}
            >
              <span className="min-w-0 flex-1 truncate">
                {option.label ?? option.value}
              </span>
              {option.hint && (
                <span className="shrink-0 text-xs text-muted">
                  {option.hint}
                </span>
              )}
              {option.value === value && (
                <Check aria-hidden className="size-3.5 shrink-0" />
              )}
            </div>
          ))}
          {newLabel && (
            <div
              role="option"
              aria-selected={true}
              onClick={() => choose(value)}
              className="cursor-pointer truncate rounded-md px-2 py-1.5 text-muted hover:bg-sunken"
            >
              {newLabel}
            </div>
          )}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function optionId(listId: string, index: number): string {
  return `${listId}-${index}`;
}

function matching(
  options: readonly ComboboxOption[],
  text: string,
): ComboboxOption[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return options.slice(0, SHOWN_MAX);
  const starts: ComboboxOption[] = [];
  const contains: ComboboxOption[] = [];
  for (const option of options) {
    const text = `${option.value} ${option.label ?? ""}`.toLowerCase();
    if (text.startsWith(wanted)) starts.push(option);
    else if (text.includes(wanted)) contains.push(option);
  }
  return [...starts, ...contains].slice(0, SHOWN_MAX);
}
