/**
 * A query as a FHIR R4 Measure: its words, populations and splits for those who read FHIR. The rules stand in
 * plain English and under the query's digest; the language of the expressions is Cairn's own.
 */
import type { Query, Split } from "./query.js";
import { denominatorRules, numeratorRules, whoRules, type Rule } from "./explain/index.js";
import { flat } from "./explain/phrases.js";
import { statedConditions, within } from "./walk.js";

/** A FHIR resource as plain JSON. */
export interface FhirResource {
  readonly resourceType: string;
  readonly [key: string]: unknown;
}

const POPULATION = "http://terminology.hl7.org/CodeSystem/measure-population";
const BASIS = "http://hl7.org/fhir/us/cqfmeasures/StructureDefinition/cqfm-populationBasis";

/** Builds a valid R4 `Measure`. `url` is where the library is published, without a closing slash. */
export function toMeasure(query: Query, url = "urn:cairn:query"): FhirResource {
  const canonical = url.startsWith("urn:") ? `${url}:${query.query}` : `${url}/Measure/${query.query}`;
  return {
    resourceType: "Measure",
    id: query.query.slice(0, 64),
    ...(query.unit === "people"
      ? {}
      : {
          extension: [
            { url: BASIS, valueCode: query.unit === "events" ? "Observation" : "MedicationRequest" },
          ],
        }),
    url: canonical,
    identifier: [{ system: "urn:cairn:query-digest", value: query.digest }],
    version: query.version,
    name: query.query
      .split("-")
      .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
      .join(""),
    title: query.title,
    status: "active",
    experimental: false,
    subjectCodeableConcept: { coding: [{ system: "http://hl7.org/fhir/resource-types", code: "Patient" }] },
    description: query.question,
    purpose: query.why ?? query.purpose,
    usage: query.purpose,
    ...relatedArtifacts(query),
    scoring: coding(
      "http://terminology.hl7.org/CodeSystem/measure-scoring",
      query.unit === "people" ? "proportion" : "ratio",
    ),
    type: [
      coding(
        "http://terminology.hl7.org/CodeSystem/measure-type",
        query.unit === "people" && usesValue(query) ? "outcome" : "process",
      ),
    ],
    ...improvement(query),
    group: [{ description: query.title, population: populations(query), ...stratifiers(query) }],
  };
}

function coding(
  system: string,
  code: string,
): { readonly coding: readonly { readonly system: string; readonly code: string }[] } {
  return { coding: [{ system, code }] };
}

/**
 * Whether a limit on a measured value is among the conditions: such a query is an outcome (intermediate), any other a
 * process.
 */
function usesValue(query: Query): boolean {
  return statedConditions(query).some((condition) =>
    [...within(condition)].some((part) => part.form === "compare_value"),
  );
}

function relatedArtifacts(query: Query): Record<string, unknown> {
  const lists = [
    ...new Set(
      Object.values(query.codelists).map(
        (list) => `${list.name}@${list.version}, ${list.system}, sha256 ${list.digest}`,
      ),
    ),
  ];
  const artifacts = [
    ...(query.source === null ? [] : [{ type: "derived-from", citation: query.source }]),
    ...query.othersTried.map(({ what, source, url }) => ({
      type: "citation",
      label: "Others have tried",
      display: what,
      citation: source,
      ...(url === null ? {} : { url }),
    })),
    ...lists.map((display) => ({ type: "depends-on", display: `codelist ${display}` })),
  ];
  return artifacts.length === 0 ? {} : { relatedArtifact: artifacts };
}

function improvement(query: Query): Record<string, unknown> {
  if (query.direction === "none") return {};
  const code = query.direction === "higher is usually better" ? "increase" : "decrease";
  return {
    improvementNotation: coding("http://terminology.hl7.org/CodeSystem/measure-improvement-notation", code),
  };
}

function populations(query: Query): unknown[] {
  const people =
    query.people === "everyone"
      ? "Everyone whose record the practice holds."
      : "Everyone registered with the practice and alive at the reference date D.";
  return [
    population("initial-population", "people", people),
    population("denominator", "denominator", words([...denominatorRules(query), ...whoRules(query)])),
    population("numerator", "numerator", words(numeratorRules(query))),
  ];
}

function population(code: string, expression: string, description: string): unknown {
  return { code: coding(POPULATION, code), description, criteria: criteria(expression) };
}

function criteria(expression: string): unknown {
  return { language: "text/x-cairn-query", expression };
}

function words(rules: readonly Rule[]): string {
  return rules
    .map(({ label, says, then }) => `${label}: ${flat(says)}${then === null ? "" : ` -> ${then}`}.`)
    .join(" ");
}

function stratifiers(query: Query): Record<string, unknown> {
  const splits: unknown[] = query.splitBy.map(stratifier);
  const by =
    query.unit === "events" ? query.by.map((key) => ({ code: { text: key }, criteria: criteria(key) })) : [];
  const all = [...splits, ...by];
  return all.length === 0 ? {} : { stratifier: all };
}

function stratifier(split: Split): unknown {
  const [first] = split;
  if (split.length === 1 && first !== undefined)
    return { code: { text: first.key }, criteria: criteria(first.key) };
  return { component: split.map(({ key }) => ({ code: { text: key }, criteria: criteria(key) })) };
}
