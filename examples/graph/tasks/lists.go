package tasks

import (
	"context"
	"fmt"

	"github.com/callgen/callgen/examples/graph/graph"
	"github.com/callgen/callgen/examples/graph/graph/fields"
)

// ListItems prints the titles of the items of a SharePoint list that have a color.
func ListItems(ctx context.Context, client *graph.Client, site, list, color string) error {
	const columnTitle, columnColor graph.Property = "Title", "Color"
	for item, err := range client.Sites().ByID(site).Lists().ByID(list).Items().All(ctx,
		graph.Where(fields.ListItemFields.Path(columnColor).Eq(color)), graph.Expand(fields.ListItemFields, graph.Select(columnTitle, columnColor)),
		graph.Prefer("HonorNonIndexedQueriesWarningMayFailRandomly")) {
		if err != nil {
			return err
		}
		var title string
		if err := item.Fields.AdditionalData.Decode(columnTitle, &title); err != nil {
			return err
		}
		fmt.Println(title)
	}
	return nil
}

// ListFields sets fields of an item of a SharePoint list.
func ListFields(ctx context.Context, client *graph.Client, site, list, item string) error {
	change := new(graph.FieldValueSet)
	if err := change.AdditionalData.Set("Color", "Purple"); err != nil {
		return err
	}
	_, err := client.Sites().ByID(site).Lists().ByID(list).Items().ByID(item).Fields().Update(ctx, change)
	return err
}
