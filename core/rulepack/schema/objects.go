// SPDX-License-Identifier: Apache-2.0

package schema

// What a cite is: one clause or several.
func cite() shape { return values("cite") }

func mustCite() key { return must("cite", someOf(cite())) }
func mayCite() key  { return may("cite", cite()) }

// label is a text in both languages.
func label() shape { return obj("label") }

// roleOr is a path, or {role, cite}.
func roleOr(path shape) shape {
	return shape{anyOf: []shape{path, obj("role_cite")}, blank: path.blank}
}

// limit is a length, or what sets one.
func limit() shape { return anyOf(full("length"), obj("limit")) }

// options are a ladder, or ids with labels.
func options() []shape { return []shape{full("ladder"), ids(label())} }

// head are the objects of pack.yaml and clauses.yaml.
func head() []object {
	return []object{
		{name: "pack", keys: []key{must("pack", full("words")), must("title", label()), may("number", value("text")), may("issuer", value("text")),
			must("in_force", obj("in_force")), may("count", obj("day_count")), may("roles", ids(obj("role"))), may("locals", ids(obj("local"))),
			may("blocks", ids(label())), may("settles", roleOr(value("path"))), may("law_time", obj("law_time")), may("transition", obj("transition"))}},
		{name: "in_force", keys: []key{must("from", full("day")), may("to", value("day")), mayCite()}},
		{name: "day_count", keys: []key{may("first_day", words("excluded", "included")), may("last_day_off", words("next", "stays"))}},
		{name: "local", keys: []key{must("type", words("limit", "amount", "int", "fraction", "bool", "text", "role", "choice")), must("label", label()),
			may("options", anyOf(listOf(full("text")), mapOf("", label()))), mustCite()},
			given: []given{{key: "type", values: []string{"choice", "role"}, must: []string{"options"}}}},
		{name: "role", keys: []key{must("label", label()), must("body", words("above")), must("of", full("whom")), may("if_none", value("whom")), mayCite()}},
		{name: "role_cite", keys: []key{must("role", full("path")), mayCite()}},
		{name: "law_time", keys: []key{may("procedure", words("filing", "act")), may("substance", words("filing", "conduct")), may("admission", words("filing")),
			may("day", value("day_fact")), mayCite()},
			given: []given{{key: "substance", values: []string{"conduct"}, must: []string{"day"}}}},
		{name: "transition", keys: []key{may("running", words("stay", "unmet_obligations", "all")), mustCite()}},
		{name: "clauses", keys: []key{may("document", obj("document")), must("clauses", listOf(obj("clause")))}},
		{name: "document", keys: []key{may("title", value("anything")), may("number", value("anything"))}},
		{name: "clause", keys: []key{must("id", full("words")), must("anchor", full("words")), must("kind", full("words")),
			must("exec", words("enforce", "monitor", "record", "reference")), must("gist", label()), may("declared", label()), may("defects", listOf(label()))}},
		{name: "label", keys: []key{must("zh", full("words")), must("en", full("words"))}},
	}
}

// effects are the keys of what follows an act or an outcome.
func effects() []key {
	return []key{may("opens", values("act")), may("closes", values("act")), may("redo", values("act")), may("sets", values("fact")), may("binds", values("party")),
		may("ends", value("ending")), may("releases", oneOrMore(full("term"), said("all"))), may("recuses", full("bool")), may("stops", obj("stops")),
		may("replaces", value("act")), may("revokes", value("act")), may("opens_matter", obj("opens_matter"))}
}

// valueTypes are the types of a fact and of a column of a table.
func valueTypes() shape { return words("bool", "int", "text", "date", "enum", "set") }

// course are the objects of a procedure but its acts.
func course() []object {
	return []object{
		{name: "procedure", keys: []key{must("procedure", full("id")), must("title", label()), mustCite(), may("parties", ids(obj("party"))), may("facts", ids(obj("fact"))),
			may("recusal", obj("recusal")), may("acts", ids(obj("act"))), may("terms", ids(obj("term")))}},
		{name: "party", keys: []key{may("unit", full("bool")), may("person", full("bool")), may("any", full("bool")), may("many", full("bool")), may("optional", full("bool")),
			may("one_of", oneOrMore(words("party_body", "government", "department", "institution", "school", "village", "enterprise"))), must("label", label()), mayCite()},
			oneOf: []string{"unit", "person", "any"}},
		{name: "fact", keys: []key{must("type", valueTypes()), may("of", anyOf(options()...)), must("label", label()), may("per", value("party")), may("set_by", values("act")),
			may("from", full("column")), may("count", obj("count")), mayCite()},
			given: []given{{key: "type", values: []string{"enum", "set"}, must: []string{"of"}}}},
		{name: "count", keys: []key{must("of", full("moment")), must("same", full("party")), must("within", full("length")), mustCite()}},
		{name: "recusal", keys: []key{may("ground", label()), must("who", someOf(values("path"))), must("asked_by", someOf(values("path"))), may("ask", obj("cite_only")),
			must("decided_by", someOf(values("path"))), may("settle", obj("cite_only")), may("after", conditions()), may("within", limit()),
			may("substitute", roleOr(value("path"))), may("meanwhile", words("works_on", "stands_aside")), must("labels", obj("recusal_labels")), mustCite()}},
		{name: "cite_only", keys: []key{mustCite()}},
		{name: "recusal_labels", keys: []key{must("ask", label()), must("settle", label()), may("term", label()), must("about", label()), must("ground", label()),
			must("granted", label()), must("denied", label())}},
		{name: "term", keys: []key{must("label", label()), must("kind", words("duty", "right", "window", "period", "effect")), must("of", full("path")),
			must("start", someOf(oneOrMore(full("start"), obj("start")))), may("within", limit()), may("wait", full("length")), may("every", full("length")),
			may("lasts", anyOf(limit(), said("for_life"))), may("until", oneOrMore(full("moment"), said("end_of_year"))), may("blocks", values("block")),
			may("met_by", values("moment")), may("undone_by", values("moment")), may("each", value("party")), may("when", full("expression")),
			may("extended_by", obj("extension")), may("on_lapse", obj("on_lapse")), mustCite()},
			given: []given{
				{key: "kind", values: []string{"duty", "right"}, must: []string{"met_by"}, never: []string{"wait", "every", "lasts", "until", "blocks"}},
				{key: "kind", values: []string{"window"}, must: []string{"met_by"}, some: []string{"wait", "within"},
					never: []string{"every", "lasts", "until", "blocks", "undone_by", "on_lapse"}},
				{key: "kind", values: []string{"period"}, must: []string{"met_by", "every"}, never: []string{"within", "wait", "lasts", "blocks", "undone_by", "extended_by"}},
				{key: "kind", values: []string{"effect"}, some: []string{"lasts", "until"}, never: []string{"within", "wait", "every", "met_by", "undone_by", "extended_by", "on_lapse"}},
			}},
		{name: "start", keys: []key{may("moment", full("start")), may("becomes", full("expression")), may("wait", full("length")), may("when", full("expression")),
			may("parties", words("all", "any")), mayCite()}, oneOf: []string{"moment", "becomes"}},
		{name: "limit", keys: []key{may("set_by", value("field")), may("local", value("local_limit"))}, oneOf: []string{"set_by", "local"}},
		{name: "extension", keys: []key{must("act", full("act")), may("by", limit()), may("times", full("int")), may("total", full("length")), mustCite()}},
		{name: "on_lapse", keys: []key{may("finding", words("yellow", "red")), may("opens_matter", obj("opens_matter")), mayCite()}},
	}
}

// conditions are the entries of after.
func conditions() shape { return oneOrMore(full("moment"), obj("condition")) }

// doing are the objects of an act.
func doing() []object {
	return []object{
		{name: "act", keys: append([]key{must("label", label()), may("help", label()), may("asks", label()), must("by", oneOrMoreOr(full("by"), obj("jointly"))),
			may("approved_by", roleOr(value("path"))), may("each", value("party")), may("starts", full("bool")), may("repeat", full("bool")), may("open", full("bool")),
			may("modality", words("must", "may", "forbidden")), may("counts_as", value("act")), may("when", full("expression")), may("after", conditions()),
			may("waits_for", oneOrMore(full("term"), obj("wait"))), may("needs", listOf(obj("need"))), may("staff", obj("staff")),
			may("separate_from", oneOrMore(full("act"), obj("act_cite"))), may("not_worse_than", oneOrMore(full("act"), obj("act_cite"))), may("stays", obj("stays")),
			may("form", value("form")), may("paper", value("paper")), may("to", oneOrMore(full("path"), obj("recipient"))), may("outcomes", ids(obj("outcome"))), mustCite()},
			effects()...)},
		{name: "outcome", keys: append([]key{must("label", label()), mayCite()}, effects()...)},
		{name: "jointly", keys: []key{must("jointly", shape{list: shapeOf(full("by")), least: 2})}},
		{name: "condition", keys: []key{may("act", full("moment")), may("any", values("moment")), may("wait", full("length")), may("when", full("expression")),
			may("parties", words("all", "any")), mayCite()}, oneOf: []string{"act", "any"}},
		{name: "wait", keys: []key{must("term", full("term")), mayCite()}},
		{name: "need", keys: []key{must("if", full("expression")), mustCite()}},
		{name: "staff", keys: []key{may("at_least", full("int")), must("of", full("path")), mustCite()}},
		{name: "act_cite", keys: []key{must("act", full("act")), mustCite()}},
		{name: "stays", keys: []key{must("none", full("true")), mustCite()}},
		{name: "recipient", keys: []key{must("party", full("path")), mayCite()}},
		{name: "stops", keys: []key{may("terms", values("term")), may("matter", full("bool")), must("how", words("exclude", "suspend", "interrupt")),
			must("until", someOf(values("moment"))), may("meanwhile", values("act")), mustCite()}, oneOf: []string{"terms", "matter"}},
		{name: "opens_matter", keys: []key{must("procedure", full("procedure")), must("act", full("act")), may("parties", ids(value("path"))), mustCite()}},
	}
}

func shapeOf(s shape) *shape { return &s }

// oneOrMoreOr is oneOrMore, or a mapping in place of the list.
func oneOrMoreOr(alone shape, instead shape) shape {
	s := oneOrMore(alone)
	s.anyOf[1].least = 1
	s.anyOf = append(s.anyOf, instead)
	return s
}

// sheets are the objects of forms, papers, tables and meetings.
func sheets() []object {
	return []object{
		{name: "form", keys: []key{must("form", full("words")), may("fields", ids(obj("field")))}},
		{name: "paper", keys: []key{must("paper", full("words")), must("title", label()), may("series", value("text")), may("contents", ids(obj("field"))),
			may("blank", listOf(label())), mustCite()}},
		{name: "field", keys: []key{must("label", label()), may("help", label()),
			must("type", words("bool", "int", "text", "longtext", "date", "enum", "set", "persons", "limit", "file")),
			may("of", anyOf(append(options(), full("path"))...)), may("at_least", full("int")), may("required", full("bool")), may("if", full("expression")),
			may("fill", obj("fill")), mayCite()},
			given: []given{{key: "type", values: []string{"enum", "set", "persons"}, must: []string{"of"}}}},
		{name: "fill", keys: []key{may("fact", value("fact")), may("text", label()), may("name", value("path")), may("local", full("local")), may("day", full("bool"))}},
		{name: "ladder", keys: []key{may("ladder", full("id")), may("list", full("id")), must("title", label()), may("rows", ids(obj("rung"))), mustCite()},
			oneOf: []string{"ladder", "list"}},
		{name: "rung", keys: []key{must("label", label()), may("rank", full("int")), mayCite()}},
		{name: "table", keys: []key{must("table", full("id")), must("title", label()), must("hit", words("unique", "first", "collect")), may("inputs", ids(obj("input"))),
			must("gives", ids(obj("output"))), may("rows", listOf(obj("row"))), mustCite()}},
		{name: "input", keys: []key{must("type", valueTypes()), may("of", anyOf(options()...)), may("low", full("int")), may("high", full("int"))},
			given: []given{{key: "type", values: []string{"text", "enum", "set"}, must: []string{"of"}}}},
		{name: "output", keys: []key{must("type", valueTypes()), may("of", anyOf(options()...)), may("label", label())},
			given: []given{{key: "type", values: []string{"text", "enum", "set"}, must: []string{"of"}}}},
		{name: "row", keys: []key{may("when", mapOf("inputs", values("words"))), may("if", full("expression")), must("gives", mapOf("outputs", values("words"))),
			mustCite()}},
		{name: "meeting", keys: []key{must("meeting", full("id")), must("label", label()), must("members", full("whom")), may("one_of", oneOrMore(words("party_body", "government", "department", "institution", "school", "village", "enterprise"))), may("record", value("whom")), may("quorum", obj("quorum")),
			may("present", listOf(obj("presence"))), may("invite", listOf(obj("invitation"))), may("recuse", obj("withdrawn")), may("speak", obj("speak")),
			may("vote", obj("vote")), mustCite()}},
		{name: "quorum", keys: append(share("members"), mustCite()), oneOf: []string{"at_least", "more_than", "all"}},
		{name: "share", keys: share("members", "present", "voting"), oneOf: []string{"at_least", "more_than", "all"}},
		{name: "local_share", keys: []key{must("local", full("local_share"))}},
		{name: "presence", keys: []key{must("role", full("whom")), may("opinion", words("free", "required")), mustCite()}},
		{name: "invitation", keys: []key{must("party", full("party_name")), may("modality", words("may", "must")), may("when", value("when")), mustCite()}},
		{name: "withdrawn", keys: []key{must("base", words("keep", "leave")), mustCite()}},
		{name: "speak", keys: []key{must("last", full("whom")), mustCite()}},
		{name: "vote", keys: []key{may("options", oneOrMore(words("agree", "disagree", "abstain", "defer"))), may("reasons", words("free", "required")), must("pass", obj("share")), mustCite()}},
	}
}

// share are the keys that say which part of what base.
func share(of ...string) []key {
	part := anyOf(full("share"), obj("local_share"))
	return []key{may("at_least", part), may("more_than", part), may("all", said("members", "present", "voting")), may("of", words(of...))}
}

// proof are the objects of what a pack is proved by.
func proof() []object {
	texts := func() shape { return anyOf(value("text"), listOf(value("text"))) }
	return []object{
		{name: "case", keys: []key{must("case", full("words")), must("calendar", full("calendar")), must("procedure", full("procedure")), may("units", ids(obj("unit"))),
			may("persons", ids(full("post"))), may("parties", mapOf("parties", names("text"))), may("locals", mapOf("locals", texts())),
			may("record", listOf(obj("past"))), must("steps", shape{list: shapeOf(obj("step")), least: 1})}},
		{name: "unit", keys: []key{may("above", value("text")),
			may("kind", anyOf(words("party_body", "government", "department", "institution", "school", "village", "enterprise"), value("text"))), may("private", full("bool"))}},
		{name: "past", keys: []key{must("moment", full("when")), must("party", full("words")), must("on", full("day"))}},
		{name: "step", keys: []key{may("on", value("day")), may("entered", value("day")), may("act", full("when")), may("tick", full("day")), may("correct", full("when")),
			may("strike", full("when")), may("confirm", full("when")), may("annul", full("when")), may("by", value("text")), may("party", value("text")),
			may("outcome", value("outcome")), may("staff", names("text")), may("parties", mapOf("parties", names("text"))), may("set", mapOf("fields", texts())),
			may("without", names("field_name")), may("meeting", obj("minutes")), may("irregular", full("cite")), may("refused", full("cite")),
			may("due", mapOf("terms", full("day"))), may("findings", names("text")), may("lapsed", names("owed")), may("met", names("owed")), may("reversed", names("text")),
			may("released", names("owed")), may("opened", names("procedure_name")), may("stopped", names("owed")), may("resumed", names("owed")),
			may("blocked", names("text")), may("ended", value("ending_name"))},
			oneOf: []string{"act", "tick", "correct", "strike", "confirm", "annul"}},
		{name: "minutes", keys: []key{may("meeting", value("meeting")), may("present", names("text")), may("agree", names("text")), may("disagree", names("text")),
			may("abstain", names("text")), may("absent", names("text")), may("last", value("text")), may("heard", names("text")), may("reasons", full("bool"))}},
		{name: "equivalents", keys: []key{may("equivalents", listOf(obj("equivalent")))}},
		{name: "equivalent", keys: []key{must("mutant", full("words")), must("because", label())}},
		{name: "accepted", keys: []key{may("accepted", listOf(obj("acceptance")))}},
		{name: "acceptance", keys: []key{must("finding", full("words")), must("because", label())}},
	}
}

// objects are all mappings of the language, by name.
func objects() map[string]object {
	out := map[string]object{}
	for _, group := range [][]object{head(), course(), doing(), sheets(), proof()} {
		for _, o := range group {
			out[o.name] = o
		}
	}
	return out
}
