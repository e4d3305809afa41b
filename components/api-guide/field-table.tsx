import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import type { JsonSchema } from "@/lib/domain/openapi";
import { schemaFields } from "@/lib/domain/schema-fields";

/** The members of a body, one a row. */
export function FieldTable({
  label,
  title,
  schema,
  schemas,
}: {
  label: string;
  title?: string;
  schema: JsonSchema;
  schemas: Record<string, JsonSchema>;
}) {
  return (
    <div>
      {title && <h4 className="mb-1 text-[0.8125rem] font-medium">{title}</h4>}
      <Table label={label} frameClassName="shadow-none">
        <TableHead>
          <TableRow>
            <TableHeader>Member</TableHeader>
            <TableHeader>Type</TableHeader>
            <TableHeader>Meaning</TableHeader>
          </TableRow>
        </TableHead>
        <TableBody>
          {schemaFields(schema, schemas).map((field) => (
            <TableRow key={field.path}>
              <TableCell className="align-top">
                <code className="font-mono text-[0.8125rem]">{field.path}</code>
              </TableCell>
              <TableCell className="min-w-36 align-top">
                {field.type}
                {!field.isRequired && (
                  <span className="block text-xs text-muted">optional</span>
                )}
              </TableCell>
              <TableCell className="min-w-56 align-top text-muted">
                {field.description}
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </div>
  );
}
