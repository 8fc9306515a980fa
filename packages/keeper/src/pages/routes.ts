/** The practice's own pages: each with its address, its rule and its contents. */
import { may, rightsOf, type ObjectOf, type PersonOf } from "@cairn/access";
import { explainCharter } from "@cairn/charters";
import { practiceCharter, practiceComparison, practiceHome, practiceRun } from "@cairn/pages";
import { groupAsked, page } from "@cairn/sign-in";
import { heldCharter } from "../approvals/charters.js";
import type { ComparisonSight } from "../comparisons/views.js";
import type { OwnView } from "../own-numbers/views.js";
import { findRun } from "../runs/run.js";
import { setting } from "../store/settings.js";
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
      const { allowed } = may(person, "see-own-numbers", about());
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
    action: "see-own-numbers",
    about,
    show: async (person, { params, token, typed }) => {
      const query = questionNamed(keeper, params.query);
      const draft = { typed: typed ?? {}, problem: null };
      return query && shownQuestion(rooms, query, decidingFor(keeper.store, person, token), draft);
    },
  });
  page(site, {
    path: "/groups/:group/:query",
    action: "see-group-figures",
    about: (asked) => ({ ...about(), ...groupAsked(asked) }),
    show: (person, asked) => {
      const { params, query } = asked;
      const wanted = { group: params.group, query: params.query, date: query["date"] ?? null };
      const found = comparisonModel(keeper, wanted, {
        shown: shownTo(person, { ...about(), ...groupAsked(asked) }),
        lists: may(person, "open-worklist", about()).allowed,
      });
      if (!found) return null;
      const viewed: PracticeViewing = { of: "comparison", ...found.look };
      return { page: practiceComparison(found.model), viewed: [viewed] };
    },
  });
  page(site, {
    path: "/charters/:group",
    action: "see-standing",
    about,
    show: (_person, { params: { group } }) => {
      const known = heldCharter(keeper.store, group);
      if (!known) return null;
      return {
        page: practiceCharter(setting(keeper.store, "practice"), group, explainCharter(known.charter)),
      };
    },
  });
  worklistRoutes(site, rooms);
  noteRoutes(site, rooms);
}

/** What of a group's comparison somebody sees who may see its figures. */
function shownTo(person: PersonOf<"practice">, asked: ObjectOf<"see-peers">): ComparisonSight {
  if (may(person, "see-peers", asked).allowed) return "dots";
  return may(person, "see-own-comparison", asked).allowed ? "own" : "figures";
}
