package xlsx

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/labcheck/labcheck/reports"
)

// sheet is a table. Its first row is a header, which stays in view as its first column does.
type sheet struct {
	name string
	rows [][]any // numbers and strings
}

// number is a cell that is a number; every other value is text, never a formula. Its text is a decimal number. A
// number or text that is "" leaves its cell empty, for a spreadsheet counts cells with nothing written in them.
type number string

// maxText is how many characters a cell of Excel can hold; with more of them it calls the whole file damaged.
const maxText = 32_767

// What does not change in the parts of a workbook (Office Open XML, ECMA-376). Nothing here can hold a formula, a link,
// a macro or the name of another file. Style 1 is that of a header.
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
	bookEnd = `</sheets></workbook>`

	styles = xml.Header + `<styleSheet ` + namespace + `>` +
		`<fonts count="2"><font><sz val="11"/><name val="Arial"/></font>` +
		`<font><b/><sz val="11"/><name val="Arial"/></font></fonts>` +
		`<fills count="2"><fill><patternFill patternType="none"/></fill>` +
		`<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>` +
		`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
		`<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
		`<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs></styleSheet>`

	sheetStart = xml.Header + `<worksheet ` + namespace + `><sheetViews><sheetView workbookViewId="0">` +
		`<pane xSplit="1" ySplit="1" topLeftCell="B2" activePane="bottomRight" state="frozen"/></sheetView></sheetViews>` +
		`<cols><col min="1" max="1" width="28" customWidth="1"/>` +
		`<col min="2" max="%d" width="16" customWidth="1"/></cols><sheetData>`
	sheetEnd = `</sheetData></worksheet>`
)

// write makes a workbook of some sheets.
func write(w io.Writer, sheets []sheet) error {
	z := zip.NewWriter(w)
	types, relations, book := typesStart, relationsStart, bookStart
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
		book += fmt.Sprintf(`<sheet name="%s" sheetId="%d" r:id="sheet%[2]d"/>`, s.name, i+1)
	}
	for _, part := range []struct{ name, text string }{
		{"[Content_Types].xml", types + typesEnd},
		{"_rels/.rels", relationsStart + bookRelation + relationsEnd},
		{"xl/workbook.xml", book + bookEnd},
		{"xl/_rels/workbook.xml.rels", relations + styleRelation + relationsEnd},
		{"xl/styles.xml", styles},
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
	fmt.Fprintf(&b, sheetStart, max(2, len(s.rows[0])))
	for i, cells := range s.rows {
		fmt.Fprintf(&b, `<row r="%d">`, i+1)
		style := ""
		if i == 0 {
			style = ` s="1"`
		}
		for j, value := range cells {
			switch v := value.(type) {
			case number:
				if v != "" {
					fmt.Fprintf(&b, `<c r="%s%d"%s><v>%s</v></c>`, column(j), i+1, style, v)
				}
			case string:
				if v != "" {
					fmt.Fprintf(&b, `<c r="%s%d"%s t="inlineStr"><is><t>`, column(j), i+1, style)
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
	_, err := io.WriteString(w, sheetEnd)
	return err
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
