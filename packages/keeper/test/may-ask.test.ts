/** H3 for questions on the practice's own screen. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { makeContent } from "@cairn/query-library";
import { mayAsk, signedQuery } from "../src/decisions/may-ask.js";
import { takeInLibrary } from "../src/review/library.js";
import { initKeeper, KeeperStore } from "../src/store/store.js";
import { bundle, libraryOf, practice, signers, theQuery } from "./fixtures/practice.js";

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

t.test("a name means its newest signed version, and name@version that one", async (t) => {
  const store = KeeperStore.open(practice(t).folder);
  t.teardown(() => store.close());
  t.equal(signedQuery(store, "asthma-seen"), null, "no library");
  const files = (version: string) =>
    Object.fromEntries(
      Object.entries(libraryOf()).map(([path, text]) => [path, text.replace("version: 1.0.0", version)]),
    );
  const content = makeContent({
    ...{ name: "test", version: 2, published: "2026-01-01T00:00:00.000Z" },
    files: files("version: 1.10.0"),
    kept: { "asthma-seen@1.9.0": files("version: 1.9.0") },
  });
  takeInLibrary(store, signers.delivery({}, { version: 2, targets: new Map([["library.json", content]]) }));
  t.equal(signedQuery(store, "asthma-seen")?.version, "1.10.0");
  t.equal(signedQuery(store, "asthma-seen@1.9.0")?.version, "1.9.0");
  t.equal(signedQuery(store, "asthma-seen@1.0.0"), null);
  t.equal(signedQuery(store, "asthma"), null);
});
