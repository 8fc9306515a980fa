/**
 * Names practices by the dots of two comparisons: of two groups that share a practice, of two that differ by one to four,
 * and of one group before and after a practice joined or left; over 500 clusters.
 *
 * Reads the documents' bytes, which are all that pages are made of, and knows who is in each group. Of two groups of one
 * date it takes for the shared practice the dot that comes nearest to one of the other document; for a difference, a dot of
 * the larger that has no partner in the smaller, as the best pairing of all others leaves it over. Each cell is tried by itself:
 * no label links the cells. By chance it would pick any dot of the document.
 */
import { documentBytes, documentOf } from "../../packages/comparisons/src/index.js";
import type { ComparisonDocument } from "../../packages/comparisons/src/index.js";
import { mayShowDots, type ShownDots } from "../../packages/comparisons/src/dots-apart.js";
import { answeredAt, closedOf, practicesOf, type Peer } from "./8-reidentify.js";
