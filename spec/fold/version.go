package fold

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/callgen/callgen/spec/edm"
)

// version is the version at the end of a namespace: 1, 28 and 0 for v1_28_0. It is nil for a
// namespace without version, which is older than any with one.
type version []int

var isVersion = regexp.MustCompile(`^[vV]\d{1,6}(_\d{1,6})*$`)

// split splits a namespace before its version. The vocabularies of OData have versions in
// their names that are part of these.
func split(namespace string) (family string, v version) {
	dot := strings.LastIndexByte(namespace, '.')
	if dot <= 0 || !isVersion.MatchString(namespace[dot+1:]) || strings.HasPrefix(namespace, "Org.OData.") {
		return namespace, nil
	}
	for number := range strings.SplitSeq(namespace[dot+2:], "_") {
		n, _ := strconv.Atoi(number) // digits, and few
		v = append(v, n)
	}
	return namespace[:dot], v
}

func withoutVersion(q edm.QName) edm.QName {
	q.Namespace, _ = split(q.Namespace)
	return q
}

func (v version) compare(w version) int {
	return cmp.Or(slices.Compare(v, w), cmp.Compare(len(v), len(w)))
}

// String returns the version as it is spoken of, such as 1.28.0.
func (v version) String() string {
	parts := make([]string, len(v))
	for i, n := range v {
		parts[i] = strconv.Itoa(n)
	}
	return strings.Join(parts, ".")
}
