/** The published JSON Schema of a query, built from the same forms that the parser reads. */
import type { Json } from "./canonical.js";
import { CONDITION_FORMS, conditionSchema } from "./parse/conditions.js";
import { FACT_FORMS, factSchema } from "./parse/facts.js";
import { shapeSchema } from "./parse/form.js";
import { ALIAS, codelistNames, HEAD, splitSchema } from "./parse/head.js";
import { populationSchemas } from "./parse/populations.js";
import { registerKeys } from "./register.js";

/** The names of all forms, for a test that covers each. */
export const FORM_NAMES: readonly string[] = [...Object.keys(CONDITION_FORMS), ...Object.keys(FACT_FORMS)];

/**
 * Builds JSON Schema 2020-12. It checks shape and spelling; `parseQuery` also checks what the parts mean together.
 */
export function querySchema(): Json {
  const head = shapeSchema(HEAD) as { readonly properties: { readonly [key: string]: Json } };
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: "https://cairn.example/schema/query.schema.json",
    title: "A Cairn query",
    ...head,
    properties: {
      ...head.properties,
      codelists: codelistNames.schema,
      facts: byName({ $ref: "#/$defs/fact" }),
      who: { $ref: "#/$defs/selection" },
      denominator: { anyOf: [{ $ref: "#/$defs/selection" }, { $ref: "#/$defs/events" }] },
      numerator: { anyOf: [{ $ref: "#/$defs/condition" }, { $ref: "#/$defs/events" }] },
      split_by: splitSchema(),
    },
    $defs: {
      name: { type: "string", pattern: ALIAS.source },
      condition: conditionSchema(),
      fact: factSchema(),
      ...populationSchemas(),
    },
  };
}

/** JSON Schema 2020-12 of a register. */
export function registerSchema(): Json {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: "https://cairn.example/schema/register.schema.json",
    title: "A Cairn register",
    ...registerKeys(),
    $defs: { name: { type: "string", pattern: ALIAS.source }, condition: conditionSchema() },
  };
}

function byName(value: Json): Json {
  return { type: "object", propertyNames: { pattern: ALIAS.source }, additionalProperties: value };
}
