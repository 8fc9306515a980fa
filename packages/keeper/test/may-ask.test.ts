/** H3 for questions on the practice's own screen. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { mayAsk } from "../src/decisions/may-ask.js";
import { takeInLibrary } from "../src/review/library.js";
import { initKeeper, KeeperStore } from "../src/store/store.js";
import { bundle, practice, theQuery } from "./fixtures/practice.js";

t.test("an enrolled practice asks only what its signed library holds, by its digest", async (t) => {
  const store = KeeperStore.open(practice(t).folder);
  t.teardown(() => store.close());
  const query = theQuery();
  t.match(mayAsk(store, query), { may: false, words: /no signed library/ });
  takeInLibrary(store, bundle());
  t.match(mayAsk(store, query), { may: true, because: "signed" });
  const altered = { ...query, digest: "ab".repeat(32) };
  t.match(mayAsk(store, altered), { may: false, words: /asthma-seen@1\.0\.0.*author-mode/ });
});

t.test("a sandbox and a folder that is not enrolled ask what they like", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "keeper-ask-"));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const sandbox = initKeeper(join(folder, "sandbox"), { authorMode: true });
  t.match(mayAsk(sandbox, theQuery()), { may: true, because: "sandbox" });
  sandbox.close();
  const fresh = initKeeper(join(folder, "fresh"));
  t.match(mayAsk(fresh, theQuery()), { may: true, because: "not-enrolled" });
  fresh.close();
});
