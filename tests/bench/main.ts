/**
 * `npm run bench`: what Cairn takes, beside what it should take at most and what others take.
 *
 * --json   one JSON object on standard output in place of a table
 * --quick  fewer repetitions, under a minute
 * --long   also 100,000 patients, 12 and 60 dates, an import of 15 million events, and an audit of 140,000 entries
 */
import { periodEnds } from "@cairn/query-library";
import { mustAgree } from "./agree.js";
import { auditOfLogs } from "./audit.js";
import { closing } from "./closing.js";
import { growth, LAST_DATE, withPostingsInMemory } from "./engine.js";
import { asTable, report } from "./figures.js";
import { guard } from "./guard.js";
import { hubWork, QUICK, WHOLE } from "./hub.js";
import { recordsIn } from "./import.js";
import { benchLibrary } from "./library.js";
import { machine } from "./measure.js";
import { groupPages } from "./pages.js";
import { fromStore } from "./store.js";
import { practicePages } from "./practice-pages.js";
import { peers } from "./peers/peers.js";

const flags = new Set(process.argv.slice(2));
const unknown = [...flags].find((flag) => !["--json", "--quick", "--long"].includes(flag));
if (unknown !== undefined) {
  process.stderr.write(`bench: ${unknown} is not a flag of the bench; use --json, --quick or --long\n`);
  process.exit(2);
}

const say = (words: string) => process.stderr.write(`${words}\n`);
const times = flags.has("--quick") ? 25 : 101;

const { queries, codelists } = benchLibrary();
say("comparing the engines' answers");
mustAgree(
  queries,
  codelists,
  periodEnds("month", 24, LAST_DATE).filter((_, i) => i % 6 === 5),
  150,
  7,
);
say("measuring the engine with postings in memory");
const figures = withPostingsInMemory(queries, times);
figures.push(...(await fromStore(flags.has("--long") ? 1500 : 150, flags.has("--quick") ? 3 : 7, say)));
figures.push(...(await peers({ queries, codelists, times: flags.has("--quick") ? 1 : 5, say })));
say("measuring imports");
figures.push(...(await recordsIn(flags.has("--quick") ? 3 : 7, flags.has("--long"))));
say("measuring the practice's own pages");
figures.push(...(await practicePages(flags.has("--quick") ? 5 : 15)));
say("measuring disclosure control");
figures.push(...(await guard(flags.has("--quick"))));
say("measuring a group's pages");
figures.push(...(await groupPages(flags.has("--quick") ? 5 : 21)));
say("measuring a closing");
figures.push(...(await closing(flags.has("--quick") ? 2 : 6)));
say("measuring the hub's bookkeeping");
figures.push(...(await hubWork(flags.has("--quick") ? QUICK : WHOLE)));
if (flags.has("--long")) {
  say("measuring growth");
  figures.push(...growth(queries, Math.ceil(times / 4)));
  say("measuring an audit");
  figures.push(...auditOfLogs());
}

const done = report(machine(), figures);
process.stdout.write(flags.has("--json") ? `${JSON.stringify(done)}\n` : `${asTable(done)}\n`);
