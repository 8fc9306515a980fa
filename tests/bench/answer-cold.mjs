/**
 * A fresh process that answers: what the keeper's answering child does, for many queries. It runs what is shipped
 * (dist) and reads `{folder, queries, dates}` from the file it is given, as the keeper hands queries over: parsed.
 * Prints the CPU that it took from its start, and a digest of every count.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { deserialize } from "node:v8";
import { answer } from "@cairn/engine";
import { withoutOptOuts } from "../../packages/records/dist/opt-outs.js";
import { openRecords } from "../../packages/records/dist/store.js";

const { folder, queries, dates } = deserialize(readFileSync(process.argv[2]));
const records = openRecords(folder, { check: false });
const tables = answer(records.source(), queries, dates, withoutOptOuts());
const counts = tables.flatMap((ofQuery) =>
  ofQuery.flatMap(({ cells }) => cells.flatMap(({ denominator, numerator }) => [denominator, numerator])),
);
records.close(); // which keeps the postings
const { user, system } = process.cpuUsage();
const digest = createHash("sha256").update(Float64Array.from(counts)).digest("hex");
process.stdout.write(JSON.stringify({ cpu: (user + system) / 1000, cells: counts.length / 2, digest }));
