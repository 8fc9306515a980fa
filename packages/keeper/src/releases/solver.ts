import type { LpSolver } from "@cairn/disclosure";

/** HiGHS, loaded: disclosure control itself touches no file. About a third of a second, once for each keeper. */
export async function loadSolver(): Promise<LpSolver> {
  const { default: highs } = await import("highs");
  // Its types describe an ES module; what Node gives is what CommonJS exports, the loader itself.
  return (highs as unknown as () => Promise<LpSolver>)();
}
