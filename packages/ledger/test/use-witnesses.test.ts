/** H6: a use under a charter that asks for witnesses is named where nothing before it says that they had countersigned. */
import { createHash } from "node:crypto";
import t from "tap";
import { begun, charterWith, libraryWith, releases, type Told } from "./fixtures/exports.js";
import { crossCheck, DIGEST } from "./fixtures/two-logs.js";

const REQUIRED = charterWith("witness: required\n");

function account(tell: (told: Told) => void, told = begun({ charter: REQUIRED })) {
  tell(told);
  return crossCheck(told.hub(), [told.practice()]);
}

const proves = ({ alder, story }: Told, digest = DIGEST.library): void =>
  void alder.note("publication-witnessed", {
    ...{ version: "1", digest, origin: story.hub.origin, position: 0, size: 1, witnesses: "ann, bob" },
  });

t.test("a use after the proof of a library that holds its query is as it should be", async (t) => {
  const { verified, problem, notes } = account((told) => {
    proves(told);
    releases(told, "r1");
  });
  t.same([verified, problem, notes], [true, null, []]);
});

t.test("a use before any proof is named, and one of a charter that asks for none is not", async (t) => {
  const early = account((told) => {
    releases(told, "r1");
    proves(told);
  });
  t.match(early.problems, [
    {
      code: "use-unwitnessed",
      log: "alder.ndjson",
      run: "r1",
      words: /glen a use of bp-control 1\.0\.0 .*asks for witnesses/,
    },
  ]);
  t.equal(early.problems.length, 1);
  t.ok(account((told) => releases(told, "r1"), begun()).verified);
});

t.test("the proof of a library without this query version is none for it", async (t) => {
  const other = libraryWith("Another", 40);
  const told = begun({ charter: REQUIRED, more: [other] });
  const { problems } = account((all) => {
    proves(all, createHash("sha256").update(other).digest("hex"));
    releases(all, "r1");
  }, told);
  t.match(problems, [{ code: "use-unwitnessed", run: "r1" }]);
});

t.test(
  "of a library that is beside neither log nothing is held against anybody, and that is said",
  async (t) => {
    const { problems, notes } = account((told) => {
      proves(told, "00".repeat(32));
      releases(told, "r1");
    });
    t.same(problems, []);
    t.match(notes, [/^Not checked: whether witnesses had countersigned before 1 use of alder/]);
  },
);
