/** The practice's own pages: each with its address, its rule and its contents. */
import { practiceHome, practiceQuestion, practiceRun } from "@cairn/pages";
import { page } from "@cairn/sign-in";
import type { Keeper } from "../keeper.js";
import type { OwnNumberCounting } from "../own-numbers/counting.js";
import { logOrigin } from "../store/store.js";
import type { Desk } from "./desk.js";
import { given, NO_DATES } from "./given.js";
import { homeModel } from "./home-model.js";
import { datesFor, questionModel, questionNamed } from "./question-model.js";
import { runModel } from "./run-model.js";
import type { PracticeSite } from "./site.js";
import { worklistRoutes } from "./worklist-routes.js";

interface Rooms {
  readonly keeper: Keeper;
  readonly desk: Desk;
  readonly counting: OwnNumberCounting;
}

const NUMBERS = [{ of: "own-numbers" }] as const;

export function practiceRoutes(site: PracticeSite, rooms: Rooms): void {
  const { keeper, desk, counting } = rooms;
  const about = () => ({ practice: logOrigin(keeper.store.key) });
  page(site, {
    path: "/",
    action: "see-standing",
    about,
    show: () => ({ page: practiceHome(homeModel(keeper, counting.look())) }),
  });
  page(site, {
    path: "/runs/:run",
    action: "see-releases",
    about,
    show: (_person, { params }) => {
      const run = runModel(keeper, params.run);
      return run && { page: practiceRun(run), viewed: NUMBERS };
    },
  });
  page(site, {
    path: "/questions/:query",
    action: "see-own-comparison",
    about,
    show: async (_person, { params }) => {
      const query = questionNamed(keeper, params.query);
      if (!query) return null;
      const dates = datesFor(keeper, query);
      const facts = dates.length > 0 ? given(await desk.question(query, dates)) : NO_DATES;
      return { page: practiceQuestion(questionModel(keeper, query, facts)), viewed: NUMBERS };
    },
  });
  worklistRoutes(site, rooms);
}
