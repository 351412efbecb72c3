// Package face finds the fonts of the machine by the names in them, reads widths and
// glyphs (OpenType, TrueType, their collections), and cuts out of a font the glyphs that
// a document has, to be embedded: TrueType outlines as TrueType, CFF outlines, keyed by
// name or by CID, as a CID-keyed CFF (Adobe Technical Notes 5176 and 5177).
//
// It knows characters and fonts, and neither lines nor pages.
package face
