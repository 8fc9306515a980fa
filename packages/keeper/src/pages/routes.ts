/** The practice's own pages: each with its address, its rule and its contents. */
import { may, rightsOf, type PersonOf } from "@cairn/access";
import { practiceComparison, practiceHome, practiceRun } from "@cairn/pages";
import { page } from "@cairn/sign-in";
import type { OwnView } from "../own-numbers/views.js";
import { findRun } from "../runs/run.js";
import { comparisonModel } from "./comparison-model.js";
import { decidingFor, type DecisionContext } from "./decision-context.js";
import { homeModel } from "./home-model.js";
import { questionNamed } from "./question-model.js";
import { noteRoutes, shownQuestion } from "./note-routes.js";
import type { PageContext } from "./page-context.js";
import { runModel } from "./run-model.js";
import type { PracticeSite, PracticeViewing } from "./site.js";
import { worklistRoutes } from "./worklist-routes.js";

/** A look at the practice's own numbers, for its log. */
function ownLook(look: OwnView): PracticeViewing {
  return { of: "own-numbers", look };
}

export function practiceRoutes(site: PracticeSite, rooms: PageContext): void {
  const { keeper, counting } = rooms;
  const decides = (person: PersonOf<"practice">, token: () => string): DecisionContext =>
    decidingFor(keeper.store, person, token);
  const about = () => ({ practice: keeper.store.origin });
  page(site, {
    path: "/",
    action: "see-standing",
    about,
    show: async (person, { query, token }) => {
      const deciding = decides(person, token);
      const { allowed } = may(person, "see-own-comparison", about());
      if (allowed) await site.logViewing(person, ownLook({ query: null }));
      return {
        page: practiceHome(
          homeModel(keeper, deciding, {
            seen: allowed,
            countsSince: counting.look(),
            rights: rightsOf(person),
            accepted: deciding.may("decide-queries") ? (query["accepted"] ?? null) : null,
          }),
        ),
      };
    },
  });
  page(site, {
    path: "/runs/:run",
    action: "see-releases",
    about,
    show: (person, { params, token }) => {
      const run = findRun(keeper.store, params.run);
      const model = run && runModel(keeper, run.run, decides(person, token));
      return model && { page: practiceRun(model), viewed: [ownLook({ run })] };
    },
  });
  page(site, {
    path: "/questions/:query",
    action: "see-own-comparison",
    about,
    show: async (person, { params, token, typed }) => {
      const query = questionNamed(keeper, params.query);
      const draft = { typed: typed ?? {}, problem: null };
      return query && shownQuestion(rooms, query, decidingFor(keeper.store, person, token), draft);
    },
  });
  page(site, {
    path: "/groups/:group/:query",
    action: "see-own-comparison",
    about,
    show: (person, { params, query }) => {
      const asked = { group: params.group, query: params.query, date: query["date"] ?? null };
      const shown = comparisonModel(keeper, asked, may(person, "open-worklist", about()).allowed);
      if (!shown) return null;
      const { model, ...looked } = shown;
      const viewed: PracticeViewing = { of: "comparison", ...looked };
      return { page: practiceComparison(model), viewed: [viewed] };
    },
  });
  worklistRoutes(site, rooms);
  noteRoutes(site, rooms);
}
