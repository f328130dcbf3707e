package emulator

import (
	"encoding/xml"
	"io"
	"time"
)

// Result is how a scenario went.
type Result struct {
	Name string
	Took time.Duration
	Err  error
}

// WriteJUnit writes results in the form that CI systems read.
func WriteJUnit(w io.Writer, results []Result) error {
	type failure struct {
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
	type testcase struct {
		Class   string   `xml:"classname,attr"`
		Name    string   `xml:"name,attr"`
		Time    float64  `xml:"time,attr"`
		Failure *failure `xml:"failure"`
	}
	suite := struct {
		XMLName  xml.Name   `xml:"testsuite"`
		Name     string     `xml:"name,attr"`
		Tests    int        `xml:"tests,attr"`
		Failures int        `xml:"failures,attr"`
		Cases    []testcase `xml:"testcase"`
	}{Name: "callsim", Tests: len(results)}
	for _, r := range results {
		c := testcase{Class: "callsim", Name: r.Name, Time: r.Took.Seconds()}
		if r.Err != nil {
			suite.Failures++
			c.Failure = &failure{"the scenario failed", r.Err.Error()}
		}
		suite.Cases = append(suite.Cases, c)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(suite); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}
