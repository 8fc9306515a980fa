/** Which query a practice's own screen asks: of the library in force there, before that which comes with Cairn. */
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { KeeperStore } from "@cairn/keeper";
import { takeInLibrary } from "../../keeper/src/review/library.js";
import { bundle, practice } from "../../keeper/test/fixtures/practice.js";
import { queryToAsk } from "../src/query-screen.js";

t.test("a name is the signed query of the library in force", async (t) => {
  const data = t.testdir();
  const { folder } = practice(t);
  const store = KeeperStore.open(folder);
  takeInLibrary(store, bundle());
  store.close();
  cpSync(folder, join(data, "keeper"), { recursive: true });
  t.match(queryToAsk("asthma-seen", { data }), { query: "asthma-seen", version: "1.0.0" });
  t.match(queryToAsk("asthma-seen@1.0.0", { data }), { query: "asthma-seen" });
  t.throws(() => queryToAsk("bp-control", { data }), { code: "not-signed" }, "it only comes with Cairn");
  const file = join(data, "asthma-seen");
  writeFileSync(file, "query: asthma-seen\n");
  t.throws(() => queryToAsk(file, { data }), { code: "does-not-check" }, "a path is a file");
});

t.test("where nobody has enrolled, it is that which comes with Cairn", async (t) => {
  t.match(queryToAsk("bp-control", { data: join(t.testdir(), "none") }), { query: "bp-control" });
});
