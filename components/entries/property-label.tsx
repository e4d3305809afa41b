import { Badge } from "@/components/ui/badge";
import { splitValueName } from "@/lib/domain/identifiers";

/** A value's name as people read it: the property id, its language as a badge. */
export function PropertyLabel({ name }: { name: string }) {
  const { id, language } = splitValueName(name);
  return (
    <span className="inline-flex max-w-full items-center gap-1.5">
      <span className="truncate font-mono">{id}</span>
      {language && <Badge className="font-mono">{language}</Badge>}
    </span>
  );
}
