import { expect, test } from "vitest";

import { readSharedCases } from "@/lib/testing/shared-data";

import { mediaUrl, publicUrlOf } from "./public-url";

const ids = {
  tenantId: "11111111-1111-4111-8111-111111111111",
  id: "22222222-2222-4222-8222-222222222222",
};
const BASE = "https://media.example.com";
const folder = `${BASE}/${ids.tenantId}/${ids.id}/`;

test.each([
  ["photo.jpg", "photo.jpg"],
  ["grön stol.jpg", "gr%C3%B6n%20stol.jpg"],
  ["a?b#c&format=small.png", "a%3Fb%23c%26format%3Dsmall.png"],
  ["a/b\\c.png", "a_b_c.png"],
  ["", "file"],
  ["..", "file"],
  ["\ud800.png", "%EF%BF%BD.png"],
])("the file %j has an address that ends with %s", (filename, end) => {
  expect(publicUrlOf({ ...ids, filename }, BASE)).toBe(folder + end);
});

test("every hostile name stays one part of a path that no client shortens", () => {
  for (const { filename } of readSharedCases<{ filename: string }>(
    "hostile/file-names.jsonl",
  )) {
    const url = publicUrlOf({ ...ids, filename }, BASE);
    expect(new URL(url).toString()).toBe(url);
    expect(url.startsWith(folder)).toBe(true);
    expect(url.slice(folder.length)).toMatch(/^[^/\\?#]+$/);
    expect(url).not.toMatch(/%2f|%5c|%00/i);
  }
});

test("without a setting the address is that of the ingest API", () => {
  expect(mediaUrl()).toBe("http://localhost:3001");
  expect(mediaUrl(new Headers({ host: "studio.lan:3000" }))).toBe(
    "http://studio.lan:3001",
  );
});
