/** The codes by which people opt out, as docs/disclosure.md tells them, are those that are in force, and no others. */
import { readFileSync } from "node:fs";
import t from "tap";
import { LIBRARY_LOCATION } from "@cairn/library";
import { digestOfOptOuts, openOptOuts, OPT_OUT_LISTS, type Codelist } from "@cairn/query-library";
import { optOutCodes } from "../../packages/records/src/opt-outs.js";

const PAGE = readFileSync(new URL("../../docs/disclosure.md", import.meta.url), "utf8");
const SYSTEMS: Readonly<Record<string, string>> = { snomed: "SNOMED", read2: "Read v2", ctv3: "CTV3" };

interface Row {
  readonly codes: readonly string[];
  readonly system: string;
  readonly means: string;
  readonly source: string;
  readonly effect: string;
}

const rows = [
  ...PAGE.matchAll(/^\| (`.*) +\| (.*?) +\| (.*?) +\| (.*?) +\| (opted out|withdrawn|not read) +\|$/gm),
].map(([, codes = "", system = "", means = "", source = "", effect = ""]): Row => ({
  codes: [...codes.matchAll(/`([^`]+)`/g)].map(([, code]) => code!),
  ...{ system, means, source, effect },
}));
const told = (effect: string): string[] =>
  rows.filter((row) => row.effect === effect).flatMap(({ codes, system }) => codes.map((code) => `${system} ${code}`)).sort(); // prettier-ignore
const inForce = (lists: readonly Codelist[]): string[] =>
  lists.flatMap(({ system, codes }) => codes.map((code) => `${SYSTEMS[system]!} ${code}`)).sort(); // prettier-ignore

t.test("the table has every code in force, with what it does, and no other", async (t) => {
  const { optedOut, withdrawn } = optOutCodes();
  t.same(told("opted out"), inForce(optedOut));
  t.same(told("withdrawn"), inForce(withdrawn));
  const read = new Set([...optedOut, ...withdrawn].flatMap(({ codes }) => codes));
  const unread = rows.filter(({ effect }) => effect === "not read").flatMap(({ codes }) => codes);
  t.ok(unread.length > 0);
  t.same(unread.filter((code) => read.has(code)), []); // prettier-ignore
});

t.test("each code means what its list says, from the source that its list names", async (t) => {
  for (const ref of OPT_OUT_LISTS) {
    const read = (end: string): string =>
      readFileSync(new URL(`codelists/opt-outs/${ref}.${end}`, LIBRARY_LOCATION), "utf8");
    const about = read("yaml");
    for (const line of read("csv").trim().split("\n").slice(1)) {
      const [code = "", term = ""] = [line.slice(0, line.indexOf(",")), line.slice(line.indexOf(",") + 1)];
      const row = rows.find(({ codes }) => codes.includes(code));
      t.ok(row !== undefined, code);
      const [, written] = /\((written .*)\)$/.exec(term) ?? [];
      t.equal(row!.means, written === undefined ? term : `the same, ${written}`);
      if (row!.source.includes("NHS England's form")) t.match(about, "NHS England's form");
      if (row!.source.includes("Discovery's query"))
        t.match(
          about,
          "DiscoveryQueryLibrary@69c41b0a361539a57903351e5fa51d94e2147f64 Projects/BartsPancreas",
        );
      if (row!.source === "as extracts write it")
        t.match(about, "the ways in which extracts write a Read code");
      t.ok(row!.source.length > 0);
    }
  }
});

t.test("the page has the digest that the log states, which another code changes", async (t) => {
  const codes = optOutCodes();
  t.match(PAGE, `now \`${digestOfOptOuts(codes)}\``);
  const files = OPT_OUT_LISTS.flatMap((ref) =>
    ["csv", "yaml"].map((end) => `codelists/opt-outs/${ref}.${end}`),
  );
  const texts = Object.fromEntries(
    files.map((path) => [path, readFileSync(new URL(path, LIBRARY_LOCATION), "utf8")]),
  );
  const ctv3 = "codelists/opt-outs/opted-out-ctv3@2025-09.csv";
  t.equal(digestOfOptOuts(openOptOuts(texts)), digestOfOptOuts(codes));
  t.not(
    digestOfOptOuts(openOptOuts({ ...texts, [ctv3]: `${texts[ctv3]}XaZ8z,x\n` })),
    digestOfOptOuts(codes),
  );
});
