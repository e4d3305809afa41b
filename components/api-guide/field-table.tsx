import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import type { JsonSchema } from "@/lib/domain/openapi";
import { schemaFields, type SchemaField } from "@/lib/domain/schema-fields";

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
            <TableHeader className="hidden sm:table-cell">Type</TableHeader>
            <TableHeader>Meaning</TableHeader>
          </TableRow>
        </TableHead>
        <TableBody>
          {schemaFields(schema, schemas).map((field) => (
            <TableRow key={field.path}>
              <TableCell className="align-top">
                <code className="font-mono text-[0.8125rem] wrap-anywhere sm:whitespace-nowrap">
                  {field.path}
                </code>
                <span className="mt-1 block sm:hidden">
                  <FieldType field={field} />
                </span>
              </TableCell>
              <TableCell className="hidden min-w-36 align-top sm:table-cell">
                <FieldType field={field} />
              </TableCell>
              <TableCell className="min-w-36 align-top text-muted sm:min-w-56">
                {field.description}
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </div>
  );
}

function FieldType({ field }: { field: SchemaField }) {
  return (
    <>
      {field.type}
      {!field.isRequired && (
        <span className="block text-xs text-muted">optional</span>
      )}
    </>
  );
}
