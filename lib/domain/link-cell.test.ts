import { expect, test } from "vitest";

import { suggestMediaUse } from "./link-cell";

test.each([
  [["https://x.example/1.jpg", "", "https://x.example/2.jpg"], ""],
  [["https://x.example/1.jpg|https://x.example/2.jpg"], "|"],
  [["https://x.example/1.jpg; https://x.example/2.jpg"], ";"],
  [["https://x.example/1.jpg https://x.example/2.jpg"], " "],
  [["https://x.example/1.jpg?size=3,4"], ""],
])("cells such as %j can be sent as media files", (cells, separator) => {
  expect(suggestMediaUse("image", cells)).toEqual({
    ...{ idProperty: "image_file_id", separator },
  });
});

test.each([
  [["https://x.example/1.jpg", "none"]],
  [["image.jpg"]],
  [["ftp://x.example/1.jpg"]],
  [["", " "]],
  [[]],
])("cells such as %j cannot", (cells) => {
  expect(suggestMediaUse("image", cells)).toBeUndefined();
});
