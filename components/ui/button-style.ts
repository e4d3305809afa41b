import { cva, type VariantProps } from "class-variance-authority";

export const buttonStyle = cva(
  "inline-flex shrink-0 items-center justify-center gap-2 rounded-control font-medium whitespace-nowrap transition-colors select-none disabled:cursor-not-allowed disabled:opacity-55 aria-disabled:cursor-not-allowed aria-disabled:opacity-55 [&>svg]:size-4 [&>svg]:shrink-0",
  {
    variants: {
      variant: {
        primary:
          "bg-accent text-on-accent shadow-card hover:bg-accent-hover active:bg-accent-hover",
        secondary:
          "border border-border bg-surface text-text shadow-card hover:bg-sunken active:bg-sunken",
        ghost: "text-text hover:bg-sunken active:bg-sunken",
        danger: "bg-danger text-white shadow-card hover:bg-danger-hover",
        dangerQuiet:
          "border border-border bg-surface text-danger-text shadow-card hover:border-danger hover:bg-danger-soft",
      },
      size: {
        sm: "h-8 px-2.5 text-[0.8125rem]",
        md: "h-9 px-3.5 text-sm",
        lg: "h-11 px-5 text-[0.9375rem]",
        icon: "size-9",
        iconSm: "size-8",
      },
    },
    defaultVariants: { variant: "secondary", size: "md" },
  },
);

export type ButtonStyle = VariantProps<typeof buttonStyle>;
