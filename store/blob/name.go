// SPDX-License-Identifier: Apache-2.0

package blob

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxName bounds a name; longer ones lose the end of their stem.
const maxName = 120

// fallbackName is the name of what has none left.
const fallbackName = "file"

// SafeName returns a name that can be shown, and given to a browser, without
// harm: no path, no control or direction character (which could show another
// ending than there is), nothing that a system reserves. It is for people to
// read; no file of a Folder bears it.
func SafeName(name string) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/"))
	name = strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(`<>:"/\|?*%`, r), unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r):
			return -1
		}
		return r
	}, name)
	name = strings.Trim(strings.Join(strings.Fields(name), " "), ". ")
	if name == "" {
		return fallbackName
	}
	end := path.Ext(name)
	stem := strings.TrimSuffix(name, end)
	if utf8.RuneCountInString(end) > 12 || stem == "" {
		stem, end = name, ""
	}
	if reserved(stem) {
		stem = "_" + stem
	}
	if room := maxName - utf8.RuneCountInString(end); utf8.RuneCountInString(stem) > room {
		stem = strings.TrimRight(string([]rune(stem)[:room]), ". ")
	}
	return stem + end
}

// reserved reports whether Windows takes a name for a device.
func reserved(stem string) bool {
	stem = strings.ToUpper(strings.TrimSpace(strings.SplitN(stem, ".", 2)[0]))
	switch stem {
	case "CON", "PRN", "AUX", "NUL":
		return true
	}
	return len(stem) == 4 && (strings.HasPrefix(stem, "COM") || strings.HasPrefix(stem, "LPT")) && stem[3] >= '0' && stem[3] <= '9'
}
