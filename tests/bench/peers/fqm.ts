/**
 * `fqm-execution`, the engine behind FHIR quality measures, asked the bench's flu question in CQL over the same
 * patients as FHIR R4 bundles. It takes one reference date at a time, so it is asked for one, and of few patients.
 */
import { readFileSync } from "node:fs";
import { addMonths, dayNumber, isoDate, type Codelist } from "@cairn/query-library";
import type { PlainPatient } from "@cairn/tables";

interface FqmAnswer {
  readonly denominator: number;
  readonly numerator: number;
}

/** What is used of the package, whose own types are here only once it is installed. */
export interface Fqm {
  readonly Calculator: {
    calculate(
      measure: object,
      patients: readonly object[],
      options: object,
    ): Promise<{ results: FqmResult[] }>;
  };
}

interface FqmResult {
  readonly detailedResults?: readonly {
    readonly populationResults?: readonly { readonly populationType: string; readonly result: boolean }[];
  }[];
}

/** The measure, ready to be asked: the answer at `date` and nothing else is worked out in each call. */
export function fluMeasure(
  { Calculator }: Fqm,
  patients: readonly PlainPatient[],
  flu: Codelist,
  date: string,
): () => Promise<FqmAnswer> {
  const bundles = patients.map((patient) => bundleOf(patient, flu));
  const measure = measureBundle(flu);
  const options = {
    measurementPeriodStart: isoDate(addMonths(dayNumber(date), -12) + 1),
    measurementPeriodEnd: date,
    trustMetaProfile: false,
    verboseCalculationResults: false,
    calculateHTML: false,
    calculateSDEs: false,
  };
  return async () => {
    const { results } = await Calculator.calculate(measure, bundles, options);
    const count = (population: string): number =>
      results.filter((one) =>
        one.detailedResults?.some((group) =>
          group.populationResults?.some((each) => each.populationType === population && each.result),
        ),
      ).length;
    return { denominator: count("denominator"), numerator: count("numerator") };
  };
}

const SNOMED = "http://snomed.info/sct";
const VALUE_SET = "urn:cairn:bench:flu-vaccination";

function bundleOf(patient: PlainPatient, flu: Codelist): object {
  const subject = { reference: `Patient/${patient.id}` };
  const resources: object[] = [
    {
      resourceType: "Patient",
      id: patient.id,
      ...(patient.born === null ? {} : { birthDate: patient.born }),
      ...(patient.died === null ? {} : { deceasedDateTime: patient.died }),
    },
    ...patient.registrations.map(({ start, end }, i): object => ({
      resourceType: "EpisodeOfCare",
      id: `${patient.id}-r${i}`,
      status: end === null ? "active" : "finished",
      patient: subject,
      period: { start, ...(end === null ? {} : { end }) },
    })),
    ...patient.events
      .filter(({ code }) => flu.codes.includes(code))
      .map(({ date, code }, i): object => ({
        resourceType: "Immunization",
        id: `${patient.id}-i${i}`,
        status: "completed",
        patient: subject,
        vaccineCode: { coding: [{ system: SNOMED, code }] },
        occurrenceDateTime: date,
      })),
  ];
  return { resourceType: "Bundle", type: "collection", entry: resources.map((resource) => ({ resource })) };
}

function measureBundle(flu: Codelist): object {
  const read = (file: string): Buffer => readFileSync(new URL(`cql/${file}`, import.meta.url));
  const criteria = (expression: string): object => ({ language: "text/cql-identifier", expression });
  const population = (code: string, expression: string): object => ({
    code: { coding: [{ system: "http://terminology.hl7.org/CodeSystem/measure-population", code }] },
    criteria: criteria(expression),
  });
  const measure: object = {
    resourceType: "Measure",
    id: "flu-uptake",
    url: "urn:cairn:bench:Measure:flu-uptake",
    status: "active",
    library: ["urn:cairn:bench:Library:flu-uptake"],
    scoring: {
      coding: [{ system: "http://terminology.hl7.org/CodeSystem/measure-scoring", code: "proportion" }],
    },
    group: [
      {
        population: [
          population("initial-population", "Initial Population"),
          population("denominator", "Denominator"),
          population("numerator", "Numerator"),
        ],
      },
    ],
  };
  const library: object = {
    resourceType: "Library",
    id: "flu-uptake",
    url: "urn:cairn:bench:Library:flu-uptake",
    status: "active",
    type: { coding: [{ code: "logic-library" }] },
    content: [
      { contentType: "text/cql", data: read("flu-uptake.cql").toString("base64") },
      { contentType: "application/elm+json", data: read("flu-uptake.elm.json").toString("base64") },
    ],
  };
  const valueSet: object = {
    resourceType: "ValueSet",
    id: "flu-vaccination",
    url: VALUE_SET,
    status: "active",
    expansion: {
      timestamp: "2025-10-01T00:00:00Z",
      contains: flu.codes.map((code) => ({ system: SNOMED, code })),
    },
  };
  return {
    resourceType: "Bundle",
    type: "collection",
    entry: [measure, library, valueSet].map((resource) => ({ resource })),
  };
}
