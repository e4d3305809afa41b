import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import type { EndpointChoice } from "@/lib/domain/remote-media";
import { remoteMediaWords as words } from "@/lib/wording/remote-media";

/** Whether links go to this Studio or to an endpoint; nothing where there is no choice. */
export function LinkTarget({
  endpoints,
  endpoint,
  onChange,
}: {
  endpoints: readonly EndpointChoice[];
  endpoint: EndpointChoice | null;
  onChange: (endpoint: EndpointChoice | null) => void;
}) {
  if (endpoints.length === 0) return null;
  return (
    <Field
      label={words.target}
      hint={endpoint ? words.thereAbout(endpoint.name) : words.hereAbout}
      className="max-w-xl"
    >
      <Select
        value={endpoint?.id ?? ""}
        onChange={({ target }) =>
          onChange(endpoints.find(({ id }) => id === target.value) ?? null)
        }
      >
        <option value="">{words.here}</option>
        {endpoints.map(({ id, name, host }) => (
          <option key={id} value={id}>
            {`${name} (${host})`}
          </option>
        ))}
      </Select>
    </Field>
  );
}
