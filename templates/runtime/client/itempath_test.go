package client

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestItemPath(t *testing.T) {
	root := graph(nil).client.root().child("drive").child("root")
	for path, want := range map[string]string{
		"a.txt":                   "/drive/root:/a.txt:",
		"/Reports/May 2026.xlsx":  "/drive/root:/Reports/May%202026.xlsx:",
		"é/100 % #1?.txt/":        "/drive/root:/%C3%A9/100%20%25%20%231%3F.txt:",
		"a:/content":              "/drive/root:/a%3A/content:",
		`o'neil & co;a,b=c@d$+\x`: "/drive/root:/o%27neil%20&%20co%3Ba%2Cb=c@d$+%5Cx:",
		"%2e%2e":                  "/drive/root:/%252e%252e:",
	} {
		at := root.itemPath(path).child("content")
		url, err := URLOf(&address{at})
		require.NoError(t, err)
		assert.Equal(t, "https://graph.microsoft.com/beta"+want+"/content", url)
	}
	for _, path := range []string{"", "/", "a//b", "a/../b", ".", "a/."} {
		_, err := URLOf(&address{root.itemPath(path)})
		assert.ErrorContains(t, err, "is no path of a drive item: name the item and its folders", path)
	}
}

func TestUploadedReturnsTheEntity(t *testing.T) {
	for name, test := range map[string]struct {
		status      int
		contentType string
		body        string
		id          string
		want        string
	}{
		"item":       {201, contentJSON, `{"ID":"1"}`, "1", ""},
		"nothing":    {200, "", ``, "", ""},
		"no content": {204, "", ``, "", ""},
		"stream":     {200, "text/plain", `abc`, "", ""},
		"page":       {200, "text/html", `<html>`, "", "the answer is not JSON"},
		"error":      {200, contentJSON, `{"error":{"code":"late"}}`, "", "late"},
		"refused":    {409, contentJSON, `{"error":{"code":"nameAlreadyExists"}}`, "", "nameAlreadyExists"},
	} {
		t.Run(name, func(t *testing.T) {
			r := graph(func(req *http.Request) (int, http.Header, string) {
				body, _ := io.ReadAll(req.Body)
				assert.Equal(t, "PUT abc", req.Method+" "+string(body))
				return test.status, http.Header{"Content-Type": {test.contentType}}, test.body
			})
			v, err := uploaded[*customer](t.Context(), r, "text/plain", strings.NewReader("abc"), nil, nil)
			if test.want != "" {
				assert.ErrorContains(t, err, test.want)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, test.id, v.ID)
			special, err := uploaded[anyCustomer](t.Context(), r, "text/plain", strings.NewReader("abc"), customers, nil)
			require.NoError(t, err)
			assert.Equal(t, test.id, special.AsCustomer().ID)
		})
	}
}
