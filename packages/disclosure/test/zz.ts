import { POLICIES, memoryHistory } from "@cairn/disclosure";
import { decideWith } from "../src/decide.js";
import { ALL_GUARDS } from "../src/guards.js";
import { practice, seeded, library, tableOf, ONE_WAY } from "./population.js";
import highsLoader from "highs";
const raw = (await highsLoader()) as any;
let n = 0,
  ms = 0;
const solver = {
  solve(p: string, o: any) {
    n++;
    const t = process.cpuUsage();
    const r = raw.solve(p, o);
    ms += process.cpuUsage(t).user / 1e6;
    return r;
  },
};
const P = POLICIES["k8-r5"]!;
const people = practice(8000, seeded(8000));
const batch = library(13, 2, ONE_WAY).map((q) => tableOf(people, q));
for (const g of [{ ...ALL_GUARDS, g3: false, g2: false }, { ...ALL_GUARDS, g3: false }, ALL_GUARDS]) {
  const t0 = process.cpuUsage();
  const d = decideWith(g, batch, memoryHistory(), P, { solver });
  const cpu = process.cpuUsage(t0).user / 1e6;
  console.log(
    cpu.toFixed(2),
    n,
    ms.toFixed(2),
    d.tables.reduce((s, t) => s + t.certificate!.targets, 0),
    d.tables.reduce((s, t) => s + t.certificate!.targetsBounded, 0),
    d.tables
      .flatMap((t) => t.reasons)
      .filter((r) => r.denominator === "g3-bounds" || r.numerator === "g3-bounds").length,
  );
}
