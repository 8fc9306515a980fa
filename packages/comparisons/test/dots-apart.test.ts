import t from "tap";
import { mayShowDots, type ShownDots } from "../src/dots-apart.js";

const DATE = "2025-03-31";
const set = (members: string, group = members, date = DATE, left = ""): ShownDots => ({
  group,
  date,
  members: [...members],
  left: [...left],
});
const may = (mine: ShownDots, ...before: ShownDots[]): boolean => mayShowDots(mine, before);

t.test("of two groups neither part nor what they share is one to four practices", async (t) => {
  for (const [one, other, why] of [
    ["ABCDEFG", "ABCDEF", "one more"],
    ["ABCDEFGHIJ", "ABCDEF", "four more"],
    ["ABCDEFG", "ABCDEFVWXYZ", "one here, five there"],
    ["ABCDEFGH", "ABCDEFXY", "two each"],
    ["ABCDEFG", "GHIJKLMN", "they share one"],
    ["ABCDEFGHI", "FGHIJKLMN", "they share four"],
  ] as const) {
    t.notOk(may(set(one), set(other)), why);
    t.notOk(may(set(other), set(one)), `${why}, the other first`);
  }
  t.ok(may(set("ABCDEFGHIJK"), set("ABCDEF")), "five more");
  t.ok(may(set("ABCDEFGHIJ"), set("FGHIJKLMNO")), "they share five");
  t.ok(may(set("ABCDEFGH"), set("IJKLMNOP")), "they share nobody");
});

t.test("for a year either way, and not beside the group's own other dates", async (t) => {
  const mine = set("ABCDEFG", "board");
  const other = (date: string, group = "cluster"): ShownDots => set("ABCDEF", group, date);
  t.notOk(may(mine, other("2024-03-31")), "a year before");
  t.notOk(may(mine, other("2026-03-31")), "a year after");
  t.ok(may(mine, other("2024-03-30")), "more than a year before");
  t.ok(may(mine, other("2026-04-01")), "more than a year after");
  t.ok(may(mine, other("2024-12-31", "board")), "the group had a joiner");
  t.notOk(may(mine, other(DATE, "board")), "but not another version of the question at one date");
});

t.test("the same members at the same date tell nothing new", async (t) => {
  t.ok(may(set("ABCDEF", "twin"), set("FEDCBA", "cluster")));
  const grown = [set("ABCDE", "cluster", "2024-12-31"), set("ABCDEF", "cluster")];
  t.ok(may(set("ABCDEF", "twin"), ...grown), "beside a date at which the other had a member less");
  t.notOk(may(set("ABCDEF", "twin", "2025-06-30"), ...grown), "which stays so at a date of its own");
});

t.test("no groups of one date put together are about a few: a board without its clusters", async (t) => {
  const [one, two] = [set("ABCDEF"), set("GHIJKL")];
  t.notOk(may(set("ABCDEFGHIJKLX"), one, two), "one practice more than both");
  t.notOk(may(set("GHIJKL"), one, set("ABCDEFGHIJKLX")), "the second cluster after the board");
  t.ok(may(set("ABCDEFGHIJKL"), one, two), "both and nobody more");
  t.ok(may(set("ABCDEFGHIJKLVWXYZ"), one, two), "five more");
  t.ok(may(set("ABCDEFGHIJKLX"), one), "where the second was not shown");
});

t.test("who left before closing is known by name: the rule holds without them too", async (t) => {
  const without = (left: string, members = "ABCDEFGH"): ShownDots => set(members, "cluster", DATE, left);
  const twin = set("ABCDEFGH", "twin");
  t.notOk(may(twin, without("H")), "H answered for the other alone");
  t.notOk(may({ ...without("H"), group: "twin" }, { ...twin, group: "cluster" }), "the other first");
  t.notOk(
    may({ ...without("H"), group: "twin" }, without("H")),
    "it left both, and may have answered for one",
  );
  t.notOk(may(without("H"), set("ABCDEFGH", "cluster")), "another version of the question");
  t.ok(may(set("ABCDEFGHIJKLM", "board"), without("H")), "six or five more than those that stayed");
  t.notOk(may(set("ABCDEFGHIJKL", "board"), without("", "ABCDEFGHI")), "three more");
});
