import t from "tap";
import { policyNamed, preflight, type PreflightQuestion } from "../src/index.js";
import { AXES } from "./population.js";

const question: PreflightQuestion = {
  cells: [
    {},
    ...AXES.sex.map((sex) => ({ sex })),
    ...AXES.ethnic_group.map((ethnic_group) => ({ ethnic_group })),
  ],
  denominator: 0.06,
  numerator: 0.7,
  every: "quarter",
};
const share = (of: Partial<PreflightQuestion>, keys = "") =>
  preflight({ ...question, ...of }, policyNamed("k8-r5")).map(
    ({ splits }) => splits.find((split) => split.keys.join() === keys) ?? { withheld: -1, carried: -1 },
  );

t.test(
  "preflight: larger practices release more, totals are released, and the answer is always the same",
  async (t) => {
    const [small, middle, large] = preflight(question, policyNamed("k8-r5"));
    t.same([small?.patients, middle?.patients, large?.patients], [3000, 8000, 15000]);
    t.ok((small?.released ?? 1) < (large?.released ?? 0));
    t.same(
      share({}).map(({ withheld }) => withheld),
      [0, 0, 0],
    );
    t.ok(share({}, "ethnic_group").every(({ withheld }) => withheld > 0.1 && withheld < 1));
    t.same(preflight(question, policyNamed("k8-r5")), [small, middle, large]);
  },
);

t.test(
  "preflight: a stricter threshold withholds more, and strict in time by the month carries",
  async (t) => {
    const [strict] = preflight(question, { ...policyNamed("k10-r6"), k: 11 }, [8000]);
    const [usual] = preflight(question, policyNamed("k8-r5"), [8000]);
    t.ok((strict?.released ?? 1) <= (usual?.released ?? 0));
    t.ok(share({ temporal: "strict", every: "month" }).some(({ carried }) => carried > 0.2));
    t.same(
      share({}).map(({ carried }) => carried),
      [0, 0, 0],
    );
  },
);
