/** Read out when it changes, not seen. Keep it mounted while it is empty. */
export function LiveRegion({ children }: { children?: string | undefined }) {
  return (
    <p role="status" aria-live="polite" className="sr-only">
      {children}
    </p>
  );
}
