package measure

import (
	"encoding/xml"
	"fmt"
	"io"
	"math"
)

// The measures of the drawing, in its own units.
const (
	svgWidth   = 760
	labelWidth = 180
	timeWidth  = 150 // behind the longest bar
	barHeight  = 12
	stepGap    = 10
	headHeight = 70
	footHeight = 36
)

// colours are those of the contestants: far apart for every eye, in grey too.
var colours = []string{"#9aa5b1", "#1f5fa8", "#d9822b", "#4b8b3b", "#8e44ad", "#222222"}

type svg struct {
	XMLName xml.Name `xml:"http://www.w3.org/2000/svg svg"`
	Width   int      `xml:"width,attr"`
	Height  int      `xml:"height,attr"`
	ViewBox string   `xml:"viewBox,attr"`
	Role    string   `xml:"role,attr"`
	Font    string   `xml:"font-family,attr"`
	Title   string   `xml:"title"`
	Shapes  []any
}

type svgRect struct {
	XMLName xml.Name `xml:"rect"`
	X       float64  `xml:"x,attr"`
	Y       float64  `xml:"y,attr"`
	Width   float64  `xml:"width,attr"`
	Height  float64  `xml:"height,attr"`
	Fill    string   `xml:"fill,attr"`
}

type svgLine struct {
	XMLName xml.Name `xml:"line"`
	X1      float64  `xml:"x1,attr"`
	Y1      float64  `xml:"y1,attr"`
	X2      float64  `xml:"x2,attr"`
	Y2      float64  `xml:"y2,attr"`
	Stroke  string   `xml:"stroke,attr"`
}

type svgText struct {
	XMLName xml.Name `xml:"text"`
	X       float64  `xml:"x,attr"`
	Y       float64  `xml:"y,attr"`
	Size    int      `xml:"font-size,attr"`
	Anchor  string   `xml:"text-anchor,attr"`
	Fill    string   `xml:"fill,attr"`
	Text    string   `xml:",chardata"`
}

func (d *svg) rect(x, y, w, h float64, fill string) {
	d.Shapes = append(d.Shapes, svgRect{X: tenth(x), Y: tenth(y), Width: tenth(w), Height: tenth(h), Fill: fill})
}

func (d *svg) text(x, y float64, size int, anchor, text string) {
	d.Shapes = append(d.Shapes, svgText{X: tenth(x), Y: tenth(y), Size: size, Anchor: anchor, Fill: "#222222", Text: text})
}

func tenth(x float64) float64 { return math.Round(x*10) / 10 }

// SVG draws the times as multiples of those of the first contestant, with a
// line below it.
func (r Result) SVG(w io.Writer, foot string) error {
	n := len(r.Sizes)
	group := float64(n*barHeight + stepGap)
	height := headHeight + int(group)*len(r.Steps) + footHeight
	d := &svg{Width: svgWidth, Height: height, ViewBox: fmt.Sprintf("0 0 %d %d", svgWidth, height), Role: "img", Font: "sans-serif",
		Title: fmt.Sprintf("Times as multiples of %s. Rows: %d, rounds: %d. Medians.", r.Sizes[0].Contestant, r.Rows, r.Rounds)}
	d.rect(0, 0, svgWidth, float64(height), "#ffffff")
	d.text(16, 26, 15, "start", d.Title)
	for i, s := range r.Sizes {
		x := 16 + float64(i)*150
		d.rect(x, 38, barHeight, barHeight, colours[i%len(colours)])
		d.text(x+18, 48, 12, "start", s.Contestant)
	}
	scale := (svgWidth - labelWidth - timeWidth) / r.longest()
	for i, s := range r.Steps {
		y := headHeight + float64(i)*group
		d.text(labelWidth-8, y+group/2-stepGap/2+4, 12, "end", s.Name)
		for j, of := range s.Of {
			top := y + float64(j*barHeight)
			d.rect(labelWidth, top, of.Ratio*scale, barHeight-1, colours[j%len(colours)])
			label := Milliseconds(of.Median)
			if j > 0 {
				label += fmt.Sprintf(" (%.2f)", of.Ratio)
			}
			d.text(labelWidth+of.Ratio*scale+5, top+10, 10, "start", label)
		}
	}
	// The bars of the first contestant end here.
	d.Shapes = append(d.Shapes, svgLine{X1: tenth(labelWidth + scale), X2: tenth(labelWidth + scale),
		Y1: headHeight - 6, Y2: float64(height - footHeight), Stroke: "#555555"})
	d.text(16, float64(height)-14, 11, "start", foot)
	return d.write(w)
}

// longest is the highest multiple.
func (r Result) longest() float64 {
	most := 1.0
	for _, s := range r.Steps {
		for _, of := range s.Of {
			most = max(most, of.Ratio)
		}
	}
	return most
}

func (d *svg) write(w io.Writer) error {
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", " ")
	if err := e.Encode(d); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}
