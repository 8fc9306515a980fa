/** Links are made by one function, which knows for whom they are. */
import { readdirSync, readFileSync } from "node:fs";
import { textOf } from "@cairn/text";
import t from "tap";
import { withAdvice } from "../src/components.js";

const ROOMS = ["packages/pages/src", "packages/hub/src/pages", "packages/keeper/src/pages"];
/** The way in has no reader yet: everybody may go there. */
const WAY_IN = "packages/pages/src/sign-in/";

t.test("no page writes a link by itself, but within itself", (t) => {
  const files = ROOMS.flatMap((room) =>
    readdirSync(room, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => `${room}/${name}`),
  ).filter((file) => !file.startsWith(WAY_IN) && file !== "packages/pages/src/components.ts");
  t.ok(files.length > 30);
  for (const file of files) {
    const own = readFileSync(file, "utf8").match(/<a\s[^>]*href="(?!#)[^>]*>/g) ?? [];
    t.same(own, [], file);
  }
  t.end();
});

t.test("who may not give a command reads the line without the clause that it stands in", (t) => {
  const reads = (line: string, may: boolean) => textOf(withAdvice(line), () => may);
  for (const [line, without] of [
    ["Paused: nothing leaves (cairn agent resume goes on), see", "Paused: nothing leaves, see"],
    ["Locked out (since 12:30): ask for a code, then cairn agent enrol", "Locked out (since 12:30)"],
    ["crashed twice; cairn agent retry tries it again", "crashed twice"],
    ["No records yet (cairn agent import)", "No records yet"],
    ["The link works", "The link works"],
  ] as const) {
    t.equal(reads(line, true), line);
    t.equal(reads(line, false), without);
  }
  t.end();
});
