// Writes query.schema.json from the forms that the parser reads; a test fails when the file is out of date.
import { writeFileSync } from "node:fs";
import { querySchema } from "../dist/index.js";

writeFileSync(
  new URL("query.schema.json", import.meta.url),
  `${JSON.stringify(querySchema(), null, 2)}\n`,
);
