// SPDX-License-Identifier: Apache-2.0

// Package locale turns keys and values into what a person reads, in Chinese
// first and English second: words, days, instants, counts and sizes. The words
// stand in two embedded catalogues, zh-Hans.txt and en.txt, whose format the
// head of the first describes. It knows no page, no request and no law, and it
// never guesses: a key that is not in the catalogue is shown in brackets and
// fails a test. Start at Load, then Words.T.
package locale
