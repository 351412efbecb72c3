// Package drawing draws tables of figures as pictures to take home: SVG 1.1 of its own
// text and shapes, without scripts, styles or fonts inside, each with its title, what its
// figures count, where they are from and of which day. It knows numbers and words, and
// nothing of cases or HTTP; the pages call it, and the browser's canvas makes PNG of what
// it draws.
//
// It is our own as the libraries that draw SVG in Go measure words by a font that they
// bring, and none brings one with Chinese characters: their labels overlap or are cut.
// Here a character of Chinese is as wide as the letters are high, whatever the font.
package drawing
