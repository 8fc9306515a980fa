// Writes query.schema.json from the forms that the parser reads; a test fails when the file is out of date.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";
import { querySchema } from "../dist/index.js";

const file = fileURLToPath(new URL("query.schema.json", import.meta.url));
const style = await resolveConfig(file);
writeFileSync(file, await format(JSON.stringify(querySchema()), { ...style, filepath: file }));
