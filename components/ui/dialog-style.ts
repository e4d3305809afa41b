export const dialogBackdropStyle =
  "fixed inset-0 z-40 bg-black/45 backdrop-blur-[1px] animate-appear";

export const dialogPanelStyle =
  "fixed top-1/2 left-1/2 z-50 flex max-h-[calc(100dvh-2rem)] w-[calc(100vw-2rem)] -translate-1/2 flex-col rounded-card border border-border bg-raised shadow-raised focus:outline-none";
