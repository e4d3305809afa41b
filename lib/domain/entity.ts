/** One value of an entity. `null` as value clears; `null` as language means none. */
export type EntityProperty = {
  id: string;
  value: string | null;
  language: string | null;
};

/** What the wire calls an entity: the changes to one entry. */
export type Entity = {
  key: string;
  /** Removes the entry; the properties are then ignored. */
  delete: boolean;
  properties: EntityProperty[];
};

const encoder = new TextEncoder();

/** UTF-8 bytes of an entity as it stands in the body of `POST /import/{source}`. */
export function entityBytes(entity: Entity): number {
  return encoder.encode(JSON.stringify(entity)).byteLength;
}
