package tasks

import (
	"bytes"
	"context"
	"os"
	"testing"

	"github.com/callgen/callgen/examples/graph/graph"
)

func TestFiles(t *testing.T) {
	file, err := os.Create(t.TempDir() + "/talk.mp4")
	check(t, err)
	_, _ = file.Write(bytes.Repeat([]byte("x"), 11<<20))
	const host = "https://contoso.sharepoint.com/_api/up?tempauth=secret"
	against(t, map[string][]reply{
		"PUT /drives/d/root:/Reports/May%202026.txt:/content":       {{status: 201, body: `{"id":"1"}`}},
		"POST /drives/d/root:/Videos/talk.mp4:/createUploadSession": ok(`{"uploadUrl":"` + host + `"}`),
		"PUT " + host: {
			{status: 202, body: `{"nextExpectedRanges":["10485760-"]}`}, {status: 503}, {status: 201, body: `{"id":"2"}`},
		},
		"GET " + host: ok(`{"nextExpectedRanges":["10485760-11534335"]}`),
		"GET /drives/d/items/1/content": {
			{status: 206, header: map[string]string{"Content-Range": "bytes 11534336-11534338/11534339", "ETag": `"v1"`, "Content-Type": "video/mp4"}, body: "end"},
		},
	}, nil, func(ctx context.Context, client *graph.Client, s *service) {
		id, err := SmallFile(ctx, client, "d")
		check(t, err)
		kept := ""
		item, err := LargeFile(ctx, client, "d", file, func(url string) { kept = url })
		check(t, err)
		if id != "1" || item.ID != "2" || kept != host {
			t.Error(id, item, kept)
		}
		item, err = ResumeLargeFile(ctx, client, host, file, 11<<20)
		check(t, err)
		if item.ID != "2" {
			t.Error(item)
		}
		check(t, Download(ctx, client, "d", "1", `"v1"`, file))
		if info, _ := file.Stat(); info.Size() != 11<<20+3 {
			t.Error(info.Size())
		}
	})
}

func TestCopy(t *testing.T) {
	const monitor = "https://contoso.sharepoint.com/_api/monitor?sig=secret"
	against(t, map[string][]reply{
		"POST /drives/d/items/1/copy": {{status: 202, header: map[string]string{"Location": monitor}}},
		"GET " + monitor:              {{status: 202, body: `{"status":"inProgress","percentageComplete":50}`}, {body: `{"status":"completed","resourceId":"2"}`}},
		"GET /drives/d/items/2":       ok(`{"id":"2"}`),
	}, []string{
		`POST /drives/d/items/1/copy {"name":"copy.txt","parentReference":{"driveId":"d","id":"f"}}`, "GET " + monitor, "GET " + monitor, "GET /drives/d/items/2",
	}, func(ctx context.Context, client *graph.Client, s *service) {
		item, err := CopyFile(ctx, client, "d", "1", "f")
		check(t, err)
		if item.ID != "2" {
			t.Error(item)
		}
	})
}

func TestListItems(t *testing.T) {
	items := "GET /sites/s/lists/l/items?$filter=fields%2FColor%20eq%20%27Purple%27&$expand=fields%28%24select%3DTitle%2CColor%29"
	against(t, map[string][]reply{
		items: ok(`{"value":[{"id":"1","fields":{"Title":"Chair","Color":"Purple"}},{"id":"2","fields":{"Title":"Table","Color":"Purple"}}]}`),
	}, nil, func(ctx context.Context, client *graph.Client, s *service) {
		prints(t, "Chair\nTable\n", func() error { return ListItems(ctx, client, "s", "l", "Purple") })
	})
}

func TestSpreadsheet(t *testing.T) {
	const workbook = "/drives/d/items/i/workbook"
	const sheet = workbook + "/worksheets/Sheet1"
	against(t, map[string][]reply{
		"POST " + workbook + "/createSession":            {{status: 201, body: `{"id":"cluster=1&session=2","persistChanges":true}`}},
		"GET " + sheet + "/range(address=%27A1:B2%27)":   ok(`{"values":[["Chair",2],["Table",1]]}`),
		"PATCH " + sheet + "/range(address=%27A3:B3%27)": ok(`{"values":[["Sum",3]]}`),
		"POST " + workbook + "/closeSession":             {{status: 204}},
	}, []string{
		`POST ` + workbook + `/createSession {"persistChanges":true}`, "GET " + sheet + "/range(address=%27A1:B2%27)",
		"PATCH " + sheet + `/range(address=%27A3:B3%27) {"@odata.type":"#microsoft.graph.workbookRange","values":[["Sum","=SUM(B1:B2)"]]}`, "POST " + workbook + "/closeSession",
	}, func(ctx context.Context, client *graph.Client, s *service) {
		prints(t, "Chair 2\nTable 1\n", func() error { return Spreadsheet(ctx, client, "d", "i") })
		for i, header := range s.headers {
			if got := header.Get("Workbook-Session-Id"); (got == "cluster=1&session=2") != (i > 0) {
				t.Error(i, got)
			}
		}
	})
}
