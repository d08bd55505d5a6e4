// SPDX-License-Identifier: Apache-2.0

package regulation

// unwrap takes the text out of what it was wrapped in: a database dump first,
// a web page next (dumps hold pages), Markdown last.
func (j *job) unwrap() {
	if kind := dumpOf(j.lines); kind != noDump {
		j.unwrapDump(kind)
	}
	if looksLikePage(j.lines) {
		j.unwrapPage()
	}
	if looksLikeMarkdown(j.lines) {
		j.unwrapMarkdown()
	}
}
