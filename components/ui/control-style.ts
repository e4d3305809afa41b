/** The frame that every text-like control shares. */
export const controlStyle =
  "w-full min-w-0 rounded-control border border-border-strong/70 bg-surface px-3 text-sm text-text shadow-card transition-colors hover:border-border-strong focus-visible:border-focus focus-visible:outline-2 focus-visible:-outline-offset-1 focus-visible:outline-focus disabled:cursor-not-allowed disabled:bg-sunken disabled:text-muted aria-invalid:border-danger";
