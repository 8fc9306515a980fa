import fc from "fast-check";
import t from "tap";
import { ShownSums, type MemberSum } from "@cairn/statistics";

const all = ["a", "b", "c", "d", "e", "f", "g", "h"];
const total = (members: readonly string[]): MemberSum => ({ quantity: [1, 1], members });
const women = (members: readonly string[]): MemberSum => ({ quantity: [1, 0], members });
const men = (members: readonly string[]): MemberSum => ({ quantity: [0, 1], members });

/** @returns which of the sums are shown, one after the other */
function taken(sums: readonly MemberSum[]): boolean[] {
  const shown = new ShownSums(sums);
  return sums.map((sum) => shown.showIfSafe([sum]));
}

t.test("total minus its parts is a sum too", async (t) => {
  t.same(taken([total(all), men(all), women(all)]), [true, true, true]);
  t.same(taken([total(all), men(all), women(all.slice(1))]), [true, true, false]);
  t.same(taken([total(all), men(all), women(all.slice(2))]), [true, true, false]);
  t.same(taken([total(all), men(all), women(all.slice(3))]), [true, true, true], "three stay unknown");
  t.same(
    taken([total(all), men(all.slice(1)), women(all.slice(1))]),
    [true, true, false],
    "both of one practice",
  );
});

t.test("several sums together tell what no two of them do", async (t) => {
  const [left, right] = [all.slice(0, 4), all.slice(4)];
  t.same(taken([total(left), total(right), total([...all, "i"])]), [true, true, false]);
  t.same(taken([total(left), total(right), total([...all, "i", "j", "k"])]), [true, true, true]);
  const three = [
    ["a", "b", "c"],
    ["a", "b", "c", "d", "e", "f"],
    ["d", "e", "f", "g"],
  ].map(total);
  t.same(taken(three), [true, true, false]);
});

t.test("a sum of one or two members is never shown, and one of three is", async (t) => {
  t.same(taken([total(["a"])]), [false]);
  t.same(taken([total(["a", "b"])]), [false]);
  t.same(taken([total(["a", "b", "c"])]), [true]);
});

t.test("of several sums that are shown together all are or none", async (t) => {
  const sums = [total(all), women(all), men(all.slice(1))];
  const shown = new ShownSums(sums);
  t.notOk(shown.showIfSafe(sums));
  t.ok(shown.showIfSafe([men(all.slice(1))]), "nothing stayed of the three");
});

t.test("what was seen already counts, also where it told too much", async (t) => {
  const sums = [total(all), total(all.slice(1)), men(all), women(all.slice(1))];
  const shown = new ShownSums(sums);
  shown.show(sums.slice(0, 2));
  t.ok(shown.showIfSafe([total(all.slice(1))]), "told before, it tells nothing new");
  t.ok(shown.showIfSafe([sums[2]!]));
  t.notOk(shown.showIfSafe([sums[3]!]));
});

t.test("no combination with small factors of what is shown lies on one or two members", async () => {
  const members = ["a", "b", "c", "d", "e", "f"];
  const anySum = fc.record({
    quantity: fc.constantFrom([1, 1, 1], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0]),
    members: fc.subarray(members, { minLength: 3 }),
  });
  fc.assert(
    fc.property(fc.array(anySum, { minLength: 2, maxLength: 5 }), (sums) => {
      const shown = new ShownSums(sums);
      const kept = sums.filter((sum) => shown.showIfSafe([sum]));
      for (let code = 1; code < 5 ** kept.length; code++) {
        const factors = kept.map((_, i) => (Math.floor(code / 5 ** i) % 5) - 2);
        const on = members.filter((member) =>
          [0, 1, 2].some(
            (at) =>
              kept.reduce(
                (all, sum, i) => all + (sum.members.includes(member) ? factors[i]! * sum.quantity[at]! : 0),
                0,
              ) !== 0,
          ),
        );
        if (on.length === 1 || on.length === 2) return false;
      }
      return true;
    }),
    { seed: 7, numRuns: 150 },
  );
});
