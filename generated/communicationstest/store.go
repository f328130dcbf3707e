package communicationstest

import (
	"encoding/json"
	"maps"
	"strings"
)

// object is an entity as JSON.
type object = map[string]any

// store holds entities by path, in order of creation.
type store struct {
	order  []string
	byPath map[string]object
}

func (s *store) get(path string) (object, bool) {
	o, ok := s.byPath[path]
	return maps.Clone(o), ok
}

func (s *store) put(path string, o object) {
	if s.byPath == nil {
		s.byPath = make(map[string]object)
	}
	if _, ok := s.byPath[path]; !ok {
		s.order = append(s.order, path)
	}
	s.byPath[path] = o
}

// change sets members of an entity.
func (s *store) change(path string, members object) (object, bool) {
	o, ok := s.get(path)
	if !ok {
		return nil, false
	}
	maps.Copy(o, members)
	s.byPath[path] = o
	return o, true
}

// remove removes an entity and what is below it.
func (s *store) remove(path string) bool {
	_, ok := s.byPath[path]
	maps.DeleteFunc(s.byPath, func(p string, _ object) bool { return p == path || strings.HasPrefix(p, path+"/") })
	var order []string
	for _, p := range s.order {
		if _, ok := s.byPath[p]; ok {
			order = append(order, p)
		}
	}
	s.order = order
	return ok
}

// list returns the entities of a collection.
func (s *store) list(path string) []object {
	all := []object{}
	for _, p := range s.order {
		if id, ok := strings.CutPrefix(p, path+"/"); ok && !strings.Contains(id, "/") {
			o, _ := s.get(p)
			all = append(all, o)
		}
	}
	return all
}

// asObject returns a value as a JSON object.
func asObject(v any) (object, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	var o object
	return o, json.Unmarshal(data, &o)
}
