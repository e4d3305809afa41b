import { LoadingState } from "@/components/shell/loading-state";

export default function StudioLoading() {
  return <LoadingState />;
}
