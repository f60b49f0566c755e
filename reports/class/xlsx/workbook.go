package xlsx

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/labcheck/labcheck/reports"
)

// sheet is a table. Its first row is a header, which stays in view as its first column does, filters the others and
// stands on every printed page.
type sheet struct {
	name   string
	widths []int   // of the first columns, in characters; others have defaultWidth, with room for "unknown"
	rows   [][]any // numbers, verdicts and strings
}

const defaultWidth = 10

// verdict is the word of a verdict, which stands on a colour that a printer shows, too; "" for none.
type verdict string

type verdictColor struct {
	of    verdict
	color string
}

// colors are behind the words, light enough for black text, also in grey.
var colors = []verdictColor{
	{"pass", "FFD8F0DC"},
	{"partial", "FFFFE9B8"},
	{"fail", "FFF8CBCB"},
	{"blocked", "FFE4DAF5"},
	{"unknown", "FFE3E6EA"},
	{"skipped", "FFF3F4F6"},
}

// The styles of cells, by their index: those of the verdicts follow.
const (
	styleHeader = iota + 1
	styleText   // long text, in several lines
	styleVerdicts
)

// styleOf is the style of a verdict.
func (v verdict) styleOf() int {
	i := slices.IndexFunc(colors, func(c verdictColor) bool { return c.of == v })
	return styleVerdicts + max(i, 0)
}

// number is a cell that is a number; every other value is text, never a formula. Its text is a decimal number. A
// number or text that is "" leaves its cell empty, for a spreadsheet counts cells with nothing written in them.
type number string

// maxText is how many characters a cell of Excel can hold; with more of them it calls the whole file damaged.
const maxText = 32_767

// What does not change in the parts of a workbook (Office Open XML, ECMA-376). Nothing here can hold a formula, a link,
// a macro or the name of another file.
const (
	namespace   = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	relation    = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	contentType = "application/vnd.openxmlformats-officedocument.spreadsheetml."

	typesStart = xml.Header + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="` + contentType + `sheet.main+xml"/>` +
		`<Override PartName="/xl/styles.xml" ContentType="` + contentType + `styles+xml"/>`
	typesEnd = `</Types>`

	relationsStart = xml.Header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
	relationsEnd   = `</Relationships>`
	bookRelation   = `<Relationship Id="book" Type="` + relation + `/officeDocument" Target="xl/workbook.xml"/>`
	styleRelation  = `<Relationship Id="style" Type="` + relation + `/styles" Target="styles.xml"/>`

	bookStart = xml.Header + `<workbook ` + namespace + ` xmlns:r="` + relation + `">` +
		`<bookViews><workbookView/></bookViews><sheets>`
	bookNames = `</sheets><definedNames>`
	bookEnd   = `</definedNames></workbook>`

	sheetStart = xml.Header + `<worksheet ` + namespace + `><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>` +
		`<sheetViews><sheetView workbookViewId="0">` +
		`<pane xSplit="1" ySplit="1" topLeftCell="B2" activePane="bottomRight" state="frozen"/></sheetView></sheetViews>` +
		`<sheetFormatPr defaultRowHeight="15" customHeight="1"/>` +
		`<cols>`
	sheetData = `</cols><sheetData>`
	sheetEnd  = `</sheetData><autoFilter ref="%s"/>` +
		`<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.5" header="0.3" footer="0.3"/>` +
		`<pageSetup orientation="landscape" fitToWidth="1" fitToHeight="0"/>` +
		`<headerFooter><oddFooter>&amp;L&amp;A&amp;R&amp;P / &amp;N</oddFooter></headerFooter></worksheet>`
)

// styles are the fonts, the colours and the styles of the cells.
func styles() string {
	fills, cells := "", ""
	for i, c := range colors {
		fills += `<fill><patternFill patternType="solid"><fgColor rgb="` + c.color + `"/></patternFill></fill>`
		cells += fmt.Sprintf(`<xf numFmtId="0" fontId="0" fillId="%d" borderId="1" xfId="0" applyFill="1" applyBorder="1" `+
			`applyAlignment="1"><alignment horizontal="center" vertical="top"/></xf>`, i+3)
	}
	return xml.Header + `<styleSheet ` + namespace + `>` +
		`<fonts count="2"><font><sz val="11"/><name val="Arial"/></font>` +
		`<font><b/><sz val="11"/><name val="Arial"/></font></fonts>` +
		fmt.Sprintf(`<fills count="%d">`, len(colors)+3) + `<fill><patternFill patternType="none"/></fill>` +
		`<fill><patternFill patternType="gray125"/></fill>` +
		`<fill><patternFill patternType="solid"><fgColor rgb="FFE8ECF0"/></patternFill></fill>` + fills + `</fills>` +
		`<borders count="2"><border/><border><left style="hair"/><right style="hair"/><top style="hair"/>` +
		`<bottom style="hair"/></border></borders>` +
		`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" applyAlignment="1">` +
		`<alignment vertical="top"/></xf></cellStyleXfs>` +
		fmt.Sprintf(`<cellXfs count="%d">`, len(colors)+styleVerdicts) +
		`<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1"><alignment vertical="top"/></xf>` +
		`<xf numFmtId="0" fontId="1" fillId="2" borderId="1" xfId="0" applyFont="1" applyFill="1" applyBorder="1" ` +
		`applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>` +
		`<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1">` +
		`<alignment vertical="top" wrapText="1"/></xf>` + cells + `</cellXfs>` +
		`<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`
}

// write makes a workbook of some sheets.
func write(w io.Writer, sheets []sheet) error {
	z := zip.NewWriter(w)
	types, relations, book, names := typesStart, relationsStart, bookStart, ""
	for i, s := range sheets {
		name := fmt.Sprintf("worksheets/sheet%d.xml", i+1)
		part, err := z.Create("xl/" + name)
		if err != nil {
			return err
		}
		if err := s.write(part); err != nil {
			return fmt.Errorf("write the sheet %s: %w", s.name, err)
		}
		types += fmt.Sprintf(`<Override PartName="/xl/%s" ContentType="%sworksheet+xml"/>`, name, contentType)
		relations += fmt.Sprintf(`<Relationship Id="sheet%d" Type="%s/worksheet" Target="%s"/>`, i+1, relation, name)
		names += fmt.Sprintf(`<definedName name="_xlnm._FilterDatabase" localSheetId="%d" hidden="1">%s!%s</definedName>`+
			`<definedName name="_xlnm.Print_Titles" localSheetId="%[1]d">%[2]s!$A:$A,%[2]s!$1:$1</definedName>`,
			i, s.name, s.filtered("$"))
		book += fmt.Sprintf(`<sheet name="%s" sheetId="%d" r:id="sheet%[2]d"/>`, s.name, i+1)
	}
	for _, part := range []struct{ name, text string }{
		{"[Content_Types].xml", types + typesEnd},
		{"_rels/.rels", relationsStart + bookRelation + relationsEnd},
		{"xl/workbook.xml", book + bookNames + names + bookEnd},
		{"xl/_rels/workbook.xml.rels", relations + styleRelation + relationsEnd},
		{"xl/styles.xml", styles()},
	} {
		p, err := z.Create(part.name)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(p, part.text); err != nil {
			return err
		}
	}
	return z.Close()
}

func (s sheet) write(w io.Writer) error {
	var b bytes.Buffer
	b.WriteString(sheetStart)
	for i := range s.rows[0] {
		fmt.Fprintf(&b, `<col min="%d" max="%[1]d" width="%d" customWidth="1"/>`, i+1, s.width(i))
	}
	b.WriteString(sheetData)
	for i, cells := range s.rows {
		fmt.Fprintf(&b, `<row r="%d"%s>`, i+1, s.height(i))
		style := ""
		if i == 0 {
			style = fmt.Sprintf(` s="%d"`, styleHeader)
		}
		for j, value := range cells {
			switch v := value.(type) {
			case number:
				if v != "" {
					fmt.Fprintf(&b, `<c r="%s%d"%s><v>%s</v></c>`, column(j), i+1, style, v)
				}
			case verdict:
				if v != "" {
					fmt.Fprintf(&b, `<c r="%s%d" s="%d" t="inlineStr"><is><t>%s</t></is></c>`, column(j), i+1, v.styleOf(), v)
				}
			case string:
				if v != "" {
					of := style
					if utf8.RuneCountInString(v) > longText {
						of = fmt.Sprintf(` s="%d"`, styleText)
					}
					fmt.Fprintf(&b, `<c r="%s%d"%s t="inlineStr"><is><t>`, column(j), i+1, of)
					if err := xml.EscapeText(&b, []byte(cellText(v))); err != nil {
						return err
					}
					b.WriteString(`</t></is></c>`)
				}
			default:
				return fmt.Errorf("a cell cannot hold a %T", value)
			}
		}
		b.WriteString("</row>")
		if _, err := b.WriteTo(w); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, sheetEnd, s.filtered(""))
	return err
}

// width is that of a column, in characters.
func (s sheet) width(column int) int {
	if column < len(s.widths) {
		return s.widths[column]
	}
	return defaultWidth
}

// height is the attribute of a row whose texts take several lines, for not every spreadsheet makes room by itself; ""
// for another row.
func (s sheet) height(row int) string {
	const points = 15 // of a line
	most := 1
	for i, value := range s.rows[row] {
		if text, ok := value.(string); ok && (row == 0 || utf8.RuneCountInString(text) > longText) {
			most = max(most, lines(text, s.width(i)))
		}
	}
	if most == 1 {
		return ""
	}
	const highest = 409 // that Excel takes
	return fmt.Sprintf(` ht="%d" customHeight="1"`, min(most*points, highest))
}

// lines is how many lines a text takes which is broken behind blanks and dashes.
func lines(text string, width int) int {
	n, used := 1, 0
	for _, word := range strings.FieldsFunc(strings.ReplaceAll(text, "-", "- "), unicode.IsSpace) {
		length := utf8.RuneCountInString(word)
		if used > 0 && used+length > width {
			n, used = n+1, 0
		}
		n += (length - 1) / width
		used += length%width + 1
		if strings.HasSuffix(word, "-") {
			used--
		}
	}
	return n
}

// longText is from how many characters on a text takes several lines.
const longText = 40

// filtered is the part of the sheet that its header filters: whole rows, without a notice below them. sign stands
// before what is fixed.
func (s sheet) filtered(sign string) string {
	last := len(s.rows)
	for last > 1 && len(s.rows[last-1]) < len(s.rows[0]) {
		last--
	}
	return fmt.Sprintf("%[1]sA%[1]s1:%[1]s%[2]s%[1]s%[3]d", sign, column(len(s.rows[0])-1), last)
}

// column is the name of the column at an index: A to Z, then AA.
func column(i int) string {
	name := string(rune('A' + i%26))
	if i < 26 {
		return name
	}
	return column(i/26-1) + name
}

// codes are how a workbook writes characters that XML cannot: Excel reads _x003D_ as an equals sign.
var codes = regexp.MustCompile(`(_x[0-9A-Fa-f]{4})+_`)

// cellText is untrusted text as a cell holds it: it begins no formula, also where the sheet is saved as CSV, and what
// looks like the code of a character stays as it is.
func cellText(untrusted string) string {
	if len(untrusted) > maxText {
		untrusted = reports.Clip(untrusted, maxText-1) // and a quote before it
	}
	return codes.ReplaceAllStringFunc(reports.Cell(untrusted), func(found string) string {
		return strings.ReplaceAll(found, "_x", "_x005F_x")
	})
}
