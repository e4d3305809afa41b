"use client";

import {
  createContext,
  useContext,
  useId,
  type ComponentProps,
  type ReactNode,
} from "react";

import { classNames } from "@/lib/client/class-names";

import { Input } from "./input";

type FieldControl = {
  id: string;
  describedBy: string | undefined;
  isInvalid: boolean;
  isRequired: boolean;
};

const FieldContext = createContext<FieldControl | undefined>(undefined);

type FieldProps = {
  label: ReactNode;
  hint?: ReactNode;
  error?: string | undefined;
  isRequired?: boolean;
  /** The label is there for screen readers only, such as in a table cell. */
  isLabelHidden?: boolean;
  className?: string;
  children: ReactNode;
};

/** Label, hint and problem around one control of this folder, tied together for assistive technology. */
export function Field({
  label,
  hint,
  error,
  isRequired = false,
  isLabelHidden = false,
  className,
  children,
}: FieldProps) {
  const id = useId();
  const hintId = `${id}-hint`;
  const errorId = `${id}-error`;
  const describedBy = [error && errorId, hint && hintId]
    .filter(Boolean)
    .join(" ");

  return (
    <FieldContext.Provider
      value={{
        id,
        describedBy: describedBy || undefined,
        isInvalid: Boolean(error),
        isRequired,
      }}
    >
      <div className={classNames("flex min-w-0 flex-col gap-1.5", className)}>
        <label
          htmlFor={id}
          className={classNames(
            "text-[0.8125rem] font-medium text-text",
            isLabelHidden && "sr-only",
          )}
        >
          {label}
          {isRequired && (
            <span aria-hidden className="ml-0.5 text-danger-text">
              *
            </span>
          )}
        </label>
        {children}
        {error && (
          <p
            id={errorId}
            role="alert"
            className="text-[0.8125rem] text-danger-text"
          >
            {error}
          </p>
        )}
        {hint && (
          <p id={hintId} className="text-[0.8125rem] text-muted">
            {hint}
          </p>
        )}
      </div>
    </FieldContext.Provider>
  );
}

/** What a control inside a `Field` takes over; its own props win. */
export function useFieldControl(own: {
  id?: string | undefined;
  "aria-describedby"?: string | undefined;
  "aria-invalid"?: ComponentProps<"input">["aria-invalid"];
}) {
  const field = useContext(FieldContext);
  return {
    id: own.id ?? field?.id,
    "aria-describedby": own["aria-describedby"] ?? field?.describedBy,
    "aria-invalid": own["aria-invalid"] ?? (field?.isInvalid || undefined),
    "aria-required": field?.isRequired || undefined,
  };
}

type TextFieldProps = Omit<FieldProps, "children"> & ComponentProps<"input">;

/** A `Field` with an `Input` in it: most fields of most forms. */
export function TextField({
  label,
  hint,
  error,
  isRequired,
  isLabelHidden,
  className,
  ...input
}: TextFieldProps) {
  return (
    <Field
      {...{ label, hint, error }}
      {...(isRequired !== undefined && { isRequired })}
      {...(isLabelHidden !== undefined && { isLabelHidden })}
      {...(className !== undefined && { className })}
    >
      <Input {...input} />
    </Field>
  );
}
