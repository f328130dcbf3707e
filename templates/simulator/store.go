package simulator

import (
	"encoding/json"
	"maps"
	"path"
	"slices"
)

// object is an entity as JSON.
type object = map[string]any

// store keeps entities by path, those of a collection in the order in which they came.
type store struct {
	byPath      map[string]object
	collections map[string][]string // the paths of the entities of a collection
	below       map[string][]string // the collections of an entity
}

func (s *store) get(path string) (object, bool) {
	o, ok := s.byPath[path]
	return maps.Clone(o), ok
}

func (s *store) put(at string, o object) {
	if s.byPath == nil {
		s.byPath, s.collections, s.below = make(map[string]object), make(map[string][]string), make(map[string][]string)
	}
	if _, ok := s.byPath[at]; !ok {
		collection := path.Dir(at)
		if owner := path.Dir(collection); len(s.collections[collection]) == 0 {
			s.below[owner] = append(s.below[owner], collection)
		}
		s.collections[collection] = append(s.collections[collection], at)
	}
	s.byPath[at] = o
}

// change sets members of an entity.
func (s *store) change(path string, members object) (object, bool) {
	o, ok := s.get(path)
	if !ok {
		return nil, false
	}
	maps.Copy(o, members)
	s.byPath[path] = o
	return maps.Clone(o), true
}

// remove removes an entity and what is below it.
func (s *store) remove(at string) bool {
	if _, ok := s.byPath[at]; !ok {
		return false
	}
	for _, collection := range slices.Clone(s.below[at]) {
		for _, p := range slices.Clone(s.collections[collection]) {
			s.remove(p)
		}
	}
	delete(s.below, at)
	delete(s.byPath, at)
	collection := path.Dir(at)
	rest := slices.DeleteFunc(s.collections[collection], func(p string) bool { return p == at })
	s.collections[collection] = rest
	if len(rest) == 0 {
		delete(s.collections, collection)
		owner := path.Dir(collection)
		s.below[owner] = slices.DeleteFunc(s.below[owner], func(c string) bool { return c == collection })
		if len(s.below[owner]) == 0 {
			delete(s.below, owner)
		}
	}
	return true
}

// list returns the entities of a collection.
func (s *store) list(collection string) []object {
	all := make([]object, 0, len(s.collections[collection]))
	for _, p := range s.collections[collection] {
		o, _ := s.get(p)
		all = append(all, o)
	}
	return all
}

// asObject is a value as a JSON object.
func asObject(v any) (object, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	var o object
	return o, json.Unmarshal(data, &o)
}
