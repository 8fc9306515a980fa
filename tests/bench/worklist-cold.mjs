/**
 * A fresh process that makes a worklist, as the keeper's child does for a page: it runs what is shipped (dist) and reads
 * `{folder, query, date, list}` from the file it is given. Prints the CPU that it took from its start.
 */
import { readFileSync } from "node:fs";
import { deserialize } from "node:v8";
import { worklistOf } from "../../packages/keeper/dist/worklists/people.js";
import { openRecords } from "../../packages/records/dist/store.js";

const { folder, query, date, list } = deserialize(readFileSync(process.argv[2]));
const records = openRecords(folder, { check: false, madeBefore: true });
const { people } = worklistOf(records, query, [date], list);
records.close();
const { user, system } = process.cpuUsage();
process.stdout.write(JSON.stringify({ cpu: (user + system) / 1000, people: people.length }));
