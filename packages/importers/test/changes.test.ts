/** What a load changes is counted, kept or not; one that would lose more than a tenth of the patients asks first. */
import t from "tap";
import { openRecords } from "@cairn/records";
import { dayOfText } from "../src/fields.js";
import { extract, listedIn, load, newStore, refusal } from "./fixtures/extracts.js";

interface Person {
  readonly id: string;
  readonly death?: string;
  readonly end?: string;
  readonly deleted?: boolean;
}

/** A journal of these people, and rows `patient_id,date,code,row_id,deleted`. */
function journal(
  people: readonly Person[],
  events: readonly string[],
  kind = "delta",
  day = "2025-05-30",
): string {
  const patient = ({ id, death = "", deleted = false }: Person): string =>
    `${id},1950-02-03,female,${death},${deleted ? 1 : 0}`;
  const stay = people.filter(({ deleted }) => deleted !== true);
  return extract({
    "patients.csv": ["patient_id,date_of_birth,sex,date_of_death,deleted", ...people.map(patient)].join("\n"),
    "registrations.csv": [
      "patient_id,start,end",
      ...stay.map(({ id, end = "" }) => `${id},2000-01-01,${end}`),
    ].join("\n"),
    "events.csv": ["patient_id,date,code,row_id,deleted", ...events].join("\n"),
    "manifest.json": JSON.stringify({ kind, covers_to: day }),
  });
}

const people = (from: number, to: number): Person[] =>
  Array.from({ length: to - from }, (_, i) => ({ id: `P${from + i}` }));
const NOTHING = { people: { joined: 0, left: 0, died: 0 }, events: { added: 0, corrected: 0, deleted: 0 } };

t.test(
  "what changes is counted by person and event, the same in a dry run, which keeps nothing",
  async (t) => {
    const store = newStore();
    const events = people(0, 40).map(({ id }) => `${id},2025-01-01,22298006,r${id},`);
    const first = await load(store, journal(people(0, 40), events, "bulk"));
    t.same(first.changes, {
      people: { joined: 40, left: 0, died: 0 },
      events: { added: 40, corrected: 0, deleted: 0 },
    });
    const delta = journal(
      [
        ...people(40, 43), // three join
        { id: "P0", end: "2025-05-01" }, // two leave: one by the end of a registration
        { id: "P1", deleted: true }, // and one, with one event, out of the extract
        { id: "P2", death: "2025-05-02", end: "2025-05-02" }, // one dies
        { id: "P3" }, // one is as before
      ],
      [
        "P40,2025-05-01,22298006,n1,", // two new
        "P3,2025-05-01,22298006,n2,",
        "P4,2025-02-02,22298006,rP4,", // one corrected
        "P5,2025-01-01,22298006,rP5,1", // one deleted
        "P6,2025-01-01,22298006,rP6,", // one as before
      ],
      "delta",
      "2025-05-31",
    );
    const expected = {
      people: { joined: 3, left: 2, died: 1 },
      events: { added: 2, corrected: 1, deleted: 2 },
    };
    const before = listedIn(store);
    t.same((await load(store, delta, { dryRun: true })).changes, expected);
    t.same(listedIn(store), before, "a dry run keeps nothing");
    t.same((await load(store, delta)).changes, expected);
    t.same((await load(store, delta)).changes, NOTHING, "and the same again changes nothing");
  },
);

t.test(
  "a load after which more than a tenth are patients no more stops, whatever made them so",
  async (t) => {
    const bulk = journal(people(0, 80), ["P1,2025-05-01,22298006,r1,"], "bulk");
    for (const [how, leave] of [
      ["ended", (id: string) => ({ id, end: "2025-05-01" })],
      ["deleted", (id: string) => ({ id, deleted: true })],
    ] as const) {
      const store = newStore();
      await load(store, bulk);
      const lost = (count: number): string =>
        journal(
          people(0, count).map(({ id }) => leave(id)),
          ["P79,2025-05-01,22298006,r2,"],
          "delta",
          "2025-05-31",
        );
      t.match(
        await refusal(load(store, lost(9))),
        { code: "needs-yes", message: /^9 of 80 patients .* --yes/ },
        how,
      );
      t.equal(openRecords(store).coversTo(), "2025-05-30", "and nothing was kept");
      const dry = await load(store, lost(9), { dryRun: true });
      t.ok(
        dry.notes.some((note) => note.startsWith("9 of 80 patients would be")),
        "a dry run says it",
      );
      t.equal((await load(store, lost(8))).changes.people.left, 8, "a tenth passes");
      t.equal((await load(store, lost(9), { yes: true })).changes.people.left, 1, "and more with --yes");
    }
  },
);

t.test("people who die are not lost", async (t) => {
  const store = newStore();
  await load(store, journal(people(0, 20), ["P1,2025-05-01,22298006,r1,"], "bulk"));
  const died = people(0, 10).map(({ id }) => ({ id, death: "2025-05-02", end: "2025-05-02" }));
  const { changes } = await load(store, journal(died, ["P1,2025-05-01,22298006,r1,"], "delta", "2025-05-31"));
  t.same(changes.people, { joined: 0, left: 0, died: 10 });
});

t.test("what checks an extract before it is kept can end the load", async (t) => {
  const store = newStore();
  const beforeKeeping = (): void => {
    throw new RangeError("it was changed meanwhile");
  };
  await t.rejects(load(store, journal(people(0, 2), []), { beforeKeeping }), /changed meanwhile/);
  t.same(openRecords(store).totals(), { patients: 0, events: 0, registrations: 0 });
});

t.test("the same rows on another day are another delta", async (t) => {
  const store = newStore();
  await load(store, journal(people(0, 2), ["P1,2025-01-01,22298006,r1,"], "bulk", "2025-05-28"), {
    completeTo: dayOfText("2025-05-28"),
  });
  const back = ["P1,2025-02-02,22298006,r1,"];
  for (const [day, rows] of [
    ["2025-05-29", back],
    ["2025-05-30", ["P1,2025-03-03,22298006,r1,"]],
    ["2025-05-31", back],
  ] as const)
    t.equal((await load(store, journal([], rows, "delta", day))).changes.events.corrected, 1, day);
});
