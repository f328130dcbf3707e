package client

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/callgen/callgen/templates/runtime/codec"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestQueryOptions(t *testing.T) {
	for want, opts := range map[string][]RequestOption{
		"":                              nil,
		"$select=id,state":              {Select("id"), Select("state")},
		"$orderby=state,id desc":        {OrderBy(codec.Property("state").Asc(), codec.Property("id").Desc())},
		"$top=5&$skip=10&$count=true":   {Top(9), Skip(10), IncludeCount(), Top(5)},
		`$search="displayName:ada"`:     {Search(`"displayName:ada"`)},
		"$filter=state eq 'a&b'":        {Where(codec.Property("state").Eq("a&b"))},
		"$filter=(a eq 1) and (b eq 2)": {Where(codec.Property("a").Eq(1)), Where(codec.Property("b").Eq(int64(2)))},
		"x-raw=a b":                     {Query("x-raw", "a b")},
		"$expand=participants($select=id;$expand=info($top=1)),operations": {
			Expand("participants", Select("id"), Expand("info", Top(1))), Expand("operations"),
		},
	} {
		var got string
		r := against(t, func(w http.ResponseWriter, req *http.Request) { got = req.URL.RawQuery; reply(w, 200, `{}`) })
		_, err := get(t, r, opts...)
		require.NoError(t, err)
		assert.NotContains(t, got, "+")
		plain, err := url.PathUnescape(got)
		require.NoError(t, err)
		want, plain = sortedTop(want), sortedTop(plain)
		assert.Equal(t, want, plain)
	}
	_, err := get(t, newClient("beta", nil, nil).root(), Where(codec.Property("a").Eq(struct{}{})))
	assert.ErrorContains(t, err, "cannot stand in a URL")
}

// sortedTop puts $top first: an option that is given again takes its place at the end.
func sortedTop(query string) string {
	if rest, ok := strings.CutSuffix(query, "&$top=5"); ok {
		return "$top=5&" + rest
	}
	return query
}
