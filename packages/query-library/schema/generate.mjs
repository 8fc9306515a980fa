// Writes query.schema.json and register.schema.json from the forms that the parser reads; a test fails when a file is out of date.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";
import { querySchema, registerSchema } from "../dist/index.js";

for (const [name, schema] of Object.entries({ query: querySchema(), register: registerSchema() })) {
  const file = fileURLToPath(new URL(`${name}.schema.json`, import.meta.url));
  const style = await resolveConfig(file);
  writeFileSync(file, await format(JSON.stringify(schema), { ...style, filepath: file }));
}
