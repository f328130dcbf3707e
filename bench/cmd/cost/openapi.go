package main

import (
	"encoding/json"
	"os"
	"slices"
)

// repaired reads an OpenAPI document and makes it one that oapi-codegen accepts.
func repaired(file string, repairs ...func(document map[string]any)) (string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	var document map[string]any
	if err := json.Unmarshal(text, &document); err != nil {
		return "", err
	}
	for _, repair := range repairs {
		repair(document)
	}
	out, err := json.Marshal(document)
	return string(out), err
}

// declareMissing adds the schema that Microsoft's document of 2019 refers to but lacks.
func declareMissing(document map[string]any) {
	components, _ := document["components"].(map[string]any)
	if schemas, ok := components["schemas"].(map[string]any); ok {
		if _, ok := schemas["microsoft.graph.educationAssignment"]; !ok {
			schemas["microsoft.graph.educationAssignment"] = map[string]any{"type": "object"}
		}
	}
}

// dropRepeated removes duplicate parameters of operations.
func dropRepeated(document map[string]any) {
	paths, _ := document["paths"].(map[string]any)
	for _, path := range paths {
		operations, _ := path.(map[string]any)
		for _, operation := range operations {
			o, ok := operation.(map[string]any)
			if !ok {
				continue
			}
			if parameters, ok := o["parameters"].([]any); ok {
				seen := make(map[[3]any]bool)
				o["parameters"] = slices.DeleteFunc(parameters, func(p any) bool {
					fields, _ := p.(map[string]any)
					key := [3]any{fields["$ref"], fields["in"], fields["name"]}
					repeated := seen[key]
					seen[key] = true
					return repeated
				})
			}
		}
	}
}

// dropDiscriminators removes what oapi-codegen cannot merge: discriminators of schemas that
// others extend by allOf. Without them it cannot tell the derived type of an object.
func dropDiscriminators(document map[string]any) { dropKey(document, "discriminator") }

func dropKey(value any, key string) {
	switch value := value.(type) {
	case map[string]any:
		delete(value, key)
		for _, v := range value {
			dropKey(v, key)
		}
	case []any:
		for _, v := range value {
			dropKey(v, key)
		}
	}
}
