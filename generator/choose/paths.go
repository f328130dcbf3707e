package choose

import (
	"strings"

	"github.com/callgen/callgen/spec/edm"
)

// NavigationPaths returns the shortest path that exclude can have for each navigation property
// of the description; some have none. It leaves out those that the paths of roots cross.
func (s *Selection) NavigationPaths() map[*edm.NavigationProperty]string {
	paths := make(map[*edm.NavigationProperty]string)
	crossed := s.Crossed()
	seen := make(map[*edm.StructuredType]bool)
	var queue []end
	add := func(path string, to edm.Type) {
		if t, ok := to.(*edm.StructuredType); ok && !seen[t] {
			seen[t] = true
			queue = append(queue, end{path: path, to: t})
		}
	}
	for _, e := range containerElements(s.Model) {
		add("/"+e.name, e.to)
	}
	for ; len(queue) > 0; queue = queue[1:] {
		at := queue[0]
		for _, t := range append([]*edm.StructuredType{at.to}, at.to.Ancestors()...) {
			for _, n := range t.Navigation {
				path := at.path + "/" + n.Name
				if _, ok := paths[n]; !ok && !crossed[n] && n.Type.Type != nil {
					paths[n] = path
				}
				add(path, n.Type.Type)
			}
			for _, p := range t.Properties {
				if !p.Type.Collection {
					add(at.path+"/"+p.Name, p.Type.Type)
				}
			}
		}
	}
	return paths
}

// Crossed returns what the paths of roots cross, with the types that they lead to: nothing of
// it can be excluded.
func (s *Selection) Crossed() map[any]bool {
	all := make(map[any]bool)
	c := closure{model: s.Model}
	for _, path := range s.Paths {
		steps := strings.Split(strings.Trim(path, "/"), "/")
		for i := range steps {
			if e, problem := c.follow("/"+strings.Join(steps[:i+1], "/"), nil); problem == "" {
				all[e.element], all[e.to] = true, true
			}
		}
	}
	return all
}
