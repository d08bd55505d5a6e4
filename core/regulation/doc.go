// SPDX-License-Identifier: Apache-2.0

// Package regulation turns a legal text as it was found (on a web page, in a
// dump, wrongly encoded, framed, cut and glued) into documents with chapters,
// articles, paragraphs, items and stable anchors. It never decides what the
// law says: whatever could change a norm becomes a Defect for a person to
// settle, and only repairs of form are made, each of them on record. Nothing
// of the source disappears: every line, and every piece cut out of a line,
// stands in the tree, in a defect or in Dropped; Account proves it.
// It knows no jurisdiction: its vocabularies are general and lie in data/.
// Start at Import; docs/regulation-import.md tells the pipeline and the codes.
package regulation
