import { ErrorState } from "./error-state";
import { LoadingState } from "./loading-state";

type PartPlaceholderProps = {
  /** What is to be read, such as `The entries`. */
  what: string;
  failure: Error | null;
  retry: () => void;
};

/** In place of a part of a page whose data is not there: it is being read, or could not be. */
export function PartPlaceholder({
  what,
  failure,
  retry,
}: PartPlaceholderProps) {
  if (!failure) return <LoadingState isPart />;
  return (
    <ErrorState
      heading="h2"
      title={`${what} could not be read`}
      message={failure.message}
      retry={retry}
    />
  );
}
